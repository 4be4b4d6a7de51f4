// SPDX-License-Identifier: GPL-3.0-or-later
// The report in a browser: nothing complains, everything works with and without script, by key and by ear.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FOLDER, launch, opened, picture, seen } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LABELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const NAMES = "ol.findings li .name";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const sample of ["rich", "clean"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in the ${sample} report, ${colorScheme}`, () =>
      opened(
        browser,
        sample,
        async (page) => {
          await page.evaluate(AXE);
          const found = await page.evaluate((labels) => axe.run(document, { runOnly: labels }), LABELS);
          assert.ok(found.passes.length > 20);
          assert.deepEqual(
            found.violations.map((each) => `${each.impact} ${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3)}`),
            [],
          );
          await picture(page, `${sample}-${colorScheme}`);
        },
        { colorScheme },
      ));
  }
}

// The last is what a sheet of paper has between its margins.
for (const [width, media] of [[390], [1000], [1200], [1360], [1920], [688, "print"]]) {
  test(`no head of a table is cut, ${width} pixels wide, ${media ?? "screen"}`, () =>
    opened(
      browser,
      "rich",
      async (page) => {
        await page.emulateMedia({ media });
        assert.deepEqual(
          await page.evaluate(() =>
            [...document.querySelectorAll("thead:not(.visually-hidden) th")]
              .filter((head) => head.scrollWidth > head.clientWidth)
              .map((head) => head.textContent),
          ),
          [],
        );
      },
      { viewport: { width, height: 900 } },
    ));
}

test("every verdict is laid out alike", () =>
  opened(browser, "rich", async (page) => {
    const layouts = await page.evaluate(() => {
      const verdict = document.querySelector(".verdict");
      return ["clean", "findings", "drift", "error"].map((name) => {
        verdict.className = `verdict ${name}`;
        const step = getComputedStyle(verdict.querySelector("li"));
        return [getComputedStyle(verdict).padding, step.display, step.padding].join("; ");
      });
    });
    assert.deepEqual([...new Set(layouts)], [layouts[0]]);
  }));

test("a hostile name is text", () =>
  opened(browser, "rich", async (page) => {
    assert.match(await page.title(), /^Access audit 2026-01-31T06:00:00Z: Error$/);
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(await page.locator("img, iframe, object, [onerror]").count(), 0);
    assert.ok((await page.locator("body").textContent()).includes("zoe\\u202e@evil.example.com<script>"));
  }));

test("the policy lets no other script run", async () => {
  const refusing = opened(browser, "rich", (page) =>
    page.evaluate(() => {
      const wanted = document.createElement("script");
      try {
        wanted.text = "document.title = 'owned'";
      } catch {
        wanted.append("document.title = 'owned'");
      }
      document.body.append(wanted);
    }),
  );
  await assert.rejects(refusing, /requires 'TrustedScript' assignment. The action has been blocked/);
});

test("without script everything is there, and no control that would not work", () =>
  opened(
    browser,
    "rich",
    async (page) => {
      assert.equal((await seen(page, NAMES)).length, await page.locator(NAMES).count());
      assert.ok((await page.locator(NAMES).count()) > 10);
      assert.equal((await seen(page, "#matrix tbody tr")).length, await page.locator("#matrix tbody tr").count());
      assert.deepEqual(await seen(page, "form, button"), []);
    },
    { javaScriptEnabled: false },
  ));

test("search and filters narrow the findings, and say by how much", () =>
  opened(browser, "rich", async (page) => {
    const status = page.getByRole("status").first();
    const all = await seen(page, NAMES);
    await page.getByRole("searchbox", { name: "Search" }).fill("APPROVED ones");
    await status.getByText(`1 of ${all.length} findings shown`).waitFor();
    assert.deepEqual(await seen(page, NAMES), ["ana@example.com"]);
    assert.deepEqual(await seen(page, ".group h3"), ["Critical 1 of 2"]);

    await page.getByRole("button", { name: "Show all" }).click();
    await status.getByText(`${all.length} findings`, { exact: true }).waitFor();
    assert.deepEqual(await seen(page, NAMES), all);

    await page.getByLabel("Tenant", { exact: true }).selectOption("devo-eu");
    await page.getByLabel("Status", { exact: true }).selectOption("forbidden");
    await status.getByText(`2 of ${all.length} findings shown`).waitFor();
    assert.deepEqual(await seen(page, NAMES), ["collector", "dashboards"]);
    assert.deepEqual(await seen(page, ".group h3"), ["Low 1 of 3", "Waived 1"]);

    await page.getByRole("searchbox", { name: "Search" }).pressSequentially("sec-118");
    await status.getByText(`1 of ${all.length} findings shown`).waitFor();
    assert.deepEqual(await seen(page, NAMES), ["dashboards"]);
    await page.getByRole("searchbox", { name: "Search" }).fill("nothing like it");
    await status.getByText(`0 of ${all.length} findings shown`).waitFor();
    assert.deepEqual(await seen(page, ".group"), []);
  }));

for (const [label, chosen] of [["Severity", "high"], ["Platform", "dbsync"], ["Tenant", "ds-eu"], ["Rule", "drift"], ["Status", "missing"]]) {
  test(`the filter by ${label.toLowerCase()} shows those of ${chosen}`, () =>
    opened(browser, "rich", async (page) => {
      const tag = await page.getByLabel(label, { exact: true }).locator("option", { hasText: chosen }).first().getAttribute("value");
      await page.getByLabel(label, { exact: true }).selectOption(chosen);
      await page.locator("#matches.some").waitFor();
      const left = await page.locator("ol.findings li:not([hidden])").evaluateAll((items) => items.map((item) => item.dataset.tags.split(" ")));
      assert.ok(left.length > 0);
      assert.ok(left.every((tags) => tags.includes(tag)));
      assert.equal(left.length, await page.locator(`ol.findings li[data-tags~="${tag}"]`).count());
    }));
}

test("people are found by name and by entitlement", () =>
  opened(browser, "rich", async (page) => {
    await page.getByRole("searchbox", { name: "Find people" }).fill("license of acme disabled");
    await page.getByText("1 of 8 people shown").waitFor();
    assert.deepEqual(await seen(page, "#matrix tbody th"), ["leo@example.com"]);
  }));

test("the theme can be changed", () =>
  opened(
    browser,
    "rich",
    async (page) => {
      const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await paper();
      await page.getByRole("button", { name: "Dark", pressed: false }).click();
      await page.getByRole("button", { name: "Dark", pressed: true }).waitFor();
      assert.notEqual(await paper(), light);
      await page.getByRole("button", { name: "Dark" }).click();
      assert.equal(await paper(), light);
    },
    { colorScheme: "light" },
  ));

test("the keyboard reaches everything", () =>
  opened(browser, "rich", async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the verdict");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    const reached = new Set();
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute("aria-label")));
    }
    for (const name of ["search", "by-s", "by-p", "by-t", "by-r", "by-u", "person", "People and their access", "Expiry"]) {
      assert.ok(reached.has(name), name);
    }
  }));

test("a narrow window scrolls in one direction", () =>
  opened(
    browser,
    "rich",
    async (page) => {
      assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 320);
      await picture(page, "rich-narrow");
    },
    { viewport: { width: 320, height: 640 } },
  ));

test("on paper there are no controls, and a filter says that it was on", () =>
  opened(
    browser,
    "rich",
    async (page) => {
      await page.getByLabel("Severity", { exact: true }).selectOption("high");
      await page.locator("#matches.some").waitFor();
      await page.emulateMedia({ media: "print" });
      assert.deepEqual(await seen(page, "form, button, nav"), []);
      assert.match((await seen(page, "#matches"))[0], /of \d+ findings shown/);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
      await page.evaluate(() => document.getElementById("filter").reset());
      await page.locator("#matches:not(.some)").waitFor({ state: "attached" });
      await page.pdf({ path: join(FOLDER, "rich.pdf"), preferCSSPageSize: true, format: "A4" });
    },
    { colorScheme: "dark" },
  ));

// Milliseconds until what was typed is drawn.
const TYPED = ([selector, text]) =>
  new Promise((done) => {
    const field = document.querySelector(selector);
    const began = performance.now();
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    // The work is done in the next frame, which is drawn before the one after it.
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  });
const TEXTS = ["p", "pe", "per", "person-0", "person-01", "person-012", "no such text", "person-9", ""];

test("5,000 findings and 1,000 people are quick", (context) =>
  opened(browser, "large", async (page) => {
    const loaded = await page.evaluate(() => ({
      "first paint": performance.getEntriesByName("first-contentful-paint")[0].startTime,
      "loaded, script run": performance.getEntriesByType("navigation")[0].loadEventEnd,
    }));
    assert.equal(await page.locator("ol.findings li").count(), 5_000);
    assert.equal(await page.locator("#matrix tbody tr").count(), 1_000);

    // What the page's main thread works for, whatever else the machine does meanwhile.
    const inspector = await page.context().newCDPSession(page);
    await inspector.send("Performance.enable", { timeDomain: "threadTicks" });
    const worked = async () => {
      const { metrics } = await inspector.send("Performance.getMetrics");
      return 1000 * metrics.find((each) => each.name === "TaskDuration").value;
    };
    const middle = (spans) => [...spans].sort((one, other) => one - other)[Math.floor(spans.length / 2)].toFixed(0);
    const most = (spans) => Math.max(...spans).toFixed(0);

    const figures = [];
    for (const selector of ["#search", "#person"]) {
      await page.locator(selector).scrollIntoViewIfNeeded();
      const [waits, works] = [[], []];
      for (const text of TEXTS) {
        const before = await worked();
        waits.push(await page.evaluate(TYPED, [selector, text]));
        works.push((await worked()) - before);
      }
      figures.push(`${selector}: median ${middle(waits)} ms, slowest ${most(waits)} ms; work: ${middle(works)} ms, ${most(works)} ms`);
    }
    await page.getByLabel("Severity", { exact: true }).selectOption("critical");
    await page.locator("#matches.some").waitFor();
    const critical = await page.locator("ol.findings li:not([hidden])").count();
    assert.ok(critical > 0 && critical < 500);
    for (const [name, span] of Object.entries(loaded)) context.diagnostic(`${name}: ${span.toFixed(0)} ms`);
    for (const line of figures) context.diagnostic(`from a key to its picture, ${line}`);
  }));
