# shellcheck shell=bash
# What every stage stands on: a Python that runs, a virtual environment that holds what is pinned, a copy of the collection.
# To be sourced from the repository's root by a script that has said `set -euo pipefail`.

ROOT=$PWD
WORK=$ROOT/.work
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 LC_ALL=C.UTF-8

# pyenv puts a "python3.13" on PATH that exits with 127 unless that version is chosen: take such shims off, and append the
# interpreters behind them, so that what is found on PATH runs.
real_interpreters_on_path() {
    local kept='' roots="${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}" entry root version
    while IFS= read -r entry; do
        case $entry in
            */shims) roots+=$'\n'${entry%/shims} ;;
            *) kept+=${kept:+:}$entry ;;
        esac
    done < <(tr ':' '\n' <<<"$PATH")
    while IFS= read -r root; do
        for version in 3.13 3.12 3.11 3.14 3.10 3.9; do
            for entry in "$root"/versions/"$version".*/bin; do
                case :$kept: in *:"$entry":*) continue ;; esac
                if [ -d "$entry" ]; then kept+=:$entry; fi
            done
        done
    done <<<"$roots"
    PATH=$kept
}

# Prints the interpreter to use: $PYTHON if given, else the newest of the versions that the collection is tested with.
pick_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    echo "No Python 3.11 or newer (with venv and ensurepip) was found on PATH; name one: PYTHON=/path/to/python3 make …" >&2
    return 1
}

# Puts the environment that holds requirements/$1.txt first on PATH; makes it where it does not exist. $TOOLS_ENVIRONMENT names
# another one to use instead: tools/matrix gives that of an older Ansible.
use_environment() {
    local directory=${TOOLS_ENVIRONMENT-}
    [ -n "$directory" ] || directory=$("$(pick_python)" tools/environment.py "$WORK" "requirements/$1.txt")
    PATH=$directory/bin:$PATH
}

# What Ansible writes stays in .work, apart from what other stages write, and no setting of the user's reaches the run.
isolate_ansible() {
    export PIP_CACHE_DIR=${PIP_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-$WORK/home}/.cache}/pip}
    HOME=$WORK/home/$(basename "$0")
    export HOME ANSIBLE_HOME=$HOME/ansible ANSIBLE_CONFIG=$HOME/ansible/ansible.cfg
    export ANSIBLE_ASYNC_DIR=$HOME/ansible/async # ~ of the job would be that of the password database
    mkdir -p "$HOME" "$ANSIBLE_HOME"
    touch "$ANSIBLE_CONFIG"
}

# Makes `dataops.access` known to Ansible as it stands in this checkout, without a copy.
link_collection() {
    local parent=$WORK/linked/ansible_collections/dataops
    mkdir -p "$parent"
    # Another stage may be using the link.
    [ "$(readlink "$parent/access")" = "$ROOT" ] || ln -sfn "$ROOT" "$parent/access"
    export ANSIBLE_COLLECTIONS_PATH=$WORK/linked
}

# Sets TREE to a fresh copy of what git knows or would add, named by $1, where ansible-test wants it
# (it follows no link) and as a repository of its own (else it obeys the outer .gitignore and tests nothing).
copy_collection() {
    export ANSIBLE_COLLECTIONS_PATH=$WORK/copies/$1
    TREE=$ANSIBLE_COLLECTIONS_PATH/ansible_collections/dataops/access
    rm -rf "$TREE"
    mkdir -p "$TREE"
    git ls-files -z --cached --others --exclude-standard | python tools/copy_listed.py "$TREE"
    git -C "$TREE" init --quiet
}

# ansible-test downloads an installer of pip from a host of its own for the environments that it makes: give it one that
# needs no network but the package index, under the name that this version of ansible-test would cache it by.
offer_pip() {
    local cache=$HOME/.ansible/test/cache version
    version=$(python - <<'PYTHON'
import types
from ansible_test._internal.python_requirements import get_venv_packages
print(get_venv_packages(types.SimpleNamespace(version="3.12"))["pip"].replace(".", "_"))
PYTHON
    )
    mkdir -p "$cache"
    cp "$ROOT/tools/get_pip.py" "$cache/get_pip_$version.py"
}

real_interpreters_on_path
