# Needs bash, git and Python 3.11 or newer; everything else is installed into .work/, from exact pins.
SHELL := bash
STAGES := sanity integration lint package installed docs-check collection-checks types units browser

.DEFAULT_GOAL := help
.PHONY: help setup demo emulator test test-matrix test-long mutations bench $(STAGES) docs format document picture changelog pin clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what the other commands need, and print how to use it from your shell
	@tools/setup

demo: ## Apply, apply again and audit an example against five emulated platforms
	@tools/stages/demo

emulator: ## Serve the five emulated platforms, and print how to point a playbook at them
	@tools/emulator

test: ## Run every check: what has to pass before a change lands
	@tools/test $(STAGES)

test-matrix: ## The tests with ansible-core 2.16 to 2.21 and each Python found; VERSIONS="2.16 2.18" chooses; takes about an hour
	@tools/matrix $(VERSIONS)

test-long: ## The tests of pytest with ten times the cases, drawn anew in each run, and every fault; all integration targets both ways
	@tools/stages/units --long
	@tools/stages/integration --long

mutations: ## Whether the tests notice each of some hundred seeded faults; takes nine minutes of CPU time
	@tools/stages/mutations

bench: ## Measure the modules beside scripts, loops and modules that do nothing; alone on the machine, twenty minutes
	@tools/stages/bench

lint: ## Style and security of what is written here, spelling, licences, and what is known of the pinned versions
collection-checks: ## What collection maintainers check with antsibull-nox
types: ## mypy, strict, over plugins/module_utils and plugins/plugin_utils/audit
units: ## Unit tests, properties, faults, and the emulator against the documents of the five APIs
browser: ## The report's page in Chromium: accessibility, filters, paper, speed (left out where there is no Chromium)
sanity: ## ansible-test sanity
integration: ## Integration targets against the emulator
docs-check: ## Documentation of the plugins and roles, links, and the changelog
package: ## Build the collection, look at what is in it, and import it as Galaxy does
installed: ## Build the collection, install it into an empty place; its documentation and the demo from there
$(STAGES):
	@tools/stages/$@

docs: ## Build the documentation site: guides, and the reference of every module, role and plugin
	@tools/stages/docs

document: ## Write what follows from other documentation: suboptions, common results, argument specs of the roles
	@tools/document

picture: ## Draw the pictures of the README: the demo in a terminal, and the audit's report (for which it needs Chromium)
	@mkdir -p .work
	@tools/stages/demo >.work/demo.txt
	@tools/run python tools/picture.py <.work/demo.txt >.work/demo.svg
	@mv .work/demo.svg docs/images/demo.svg
	@tools/stages/browser picture

format: ## Put Python files into the form that lint asks for
	@tools/format

changelog: ## Write CHANGELOG.md from changelogs/fragments
	@tools/changelog

pin: ## Rewrite requirements/*.txt with the newest versions
	@tools/pin

clean: ## Remove everything that the commands above made
	rm -rf .work .ansible .nox .mypy_cache .pytest_cache .ruff_cache .hypothesis access-report access-export
