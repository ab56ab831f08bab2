# Everyday chores. `make demo` and `make test` need only Python ≥ 3.11, make and git; they set up the rest.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -q
PORT ?= 8700

.DEFAULT_GOAL := help
.PHONY: help demo app server console reset-demo test lint types imports unit mobile browser forms messages features lock bench clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Doorstep needs Python 3.11 or newer. Name one with: make PYTHON=/path/to/python3 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python could not make a virtual environment (on Debian: install python3-venv)."; exit 1; }

$(VENV)/.run: locks/run.txt | $(PY)
	@echo "Installing what the app and the server need ..."
	@$(PIP) install --require-hashes -r locks/run.txt && touch $@

$(VENV)/.dev: locks/dev.txt | $(PY)
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes -r locks/dev.txt && touch $@ $(VENV)/.run

demo: $(VENV)/.run  ## a whole synthetic organisation on this machine: server, tablet, supervisor (PORT=, ONCE=1, NO_BROWSER=1)
	@$(PY) -m app.demo run --port $(PORT) $(if $(ONCE),--once) $(if $(NO_BROWSER),--no-browser)

app: $(VENV)/.run  ## only the demo's tablet app
	@$(PY) -m app.demo app --port $(PORT)

console: $(VENV)/.run  ## only the demo's supervisor app
	@$(PY) -m app.demo console --port $(PORT)

server: $(VENV)/.run  ## only the demo's sync server
	@$(PY) -m app.demo server --port $(PORT)

reset-demo:  ## forget the demo organisation
	@rm -rf .demo && echo "The demo is gone; make demo makes a new one."

test: $(VENV)/.dev  ## everything CI checks
	@sh tests/browser/ensure_chromium.sh
	@$(MAKE) --no-print-directory lint types imports mobile
	@$(PY) -m pytest

lint: $(VENV)/.dev  ## ruff and bandit
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/bandit -q -r app/crypto app/protocol

types: $(VENV)/.dev  ## mypy --strict where it is promised
	@$(VENV)/bin/mypy

imports: $(VENV)/.dev  ## who may import whom (.importlinter)
	@$(VENV)/bin/lint-imports --no-logo 2>/dev/null || $(VENV)/bin/lint-imports

unit: $(VENV)/.dev  ## the quick tests only
	@$(PY) -m pytest tests/unit tests/scenario -q

browser: $(VENV)/.dev  ## the story in a real Chromium; refreshes README's screenshots with SHOTS=1
	@sh tests/browser/ensure_chromium.sh
	@SHOTS=$(SHOTS) $(PY) -m pytest tests/browser -q

$(VENV)-mobile/.ready: locks/mobile.txt | $(PY)
	@$(PYTHON) -m venv $(VENV)-mobile
	@echo "Installing the versions that tablets have ..."
	@$(VENV)-mobile/bin/python -m pip --disable-pip-version-check -q install --require-hashes -r locks/mobile.txt && touch $@

mobile: $(VENV)-mobile/.ready  ## app/ and forms/ under the versions with Android and iOS wheels
	@$(VENV)-mobile/bin/python -m pytest -q -p no:cacheprovider tests/unit tests/scenario tests/contract --ignore=tests/unit/server --ignore=tests/unit/authoring --ignore=tests/unit/library \
		--ignore=tests/unit/test_docs.py --ignore-glob='*test_server*'

forms: $(VENV)/.run  ## build the shipped XLSForms from their source
	@$(PY) -m forms.library.build

messages: $(VENV)/.dev  ## compile the translations
	@$(PY) -m app.ui.locale.build

features: $(VENV)/.run  ## write docs/form-features.md and docs/forms-api.md anew
	@$(PY) -m forms features > docs/form-features.md
	@$(PY) -m forms api > docs/forms-api.md

bench: $(VENV)/.run  ## figures of the engine, the store and the bare crypto (minutes; quote ratios within one run)
	@$(PY) -m bench.engine
	@$(PY) -m bench.store
	@$(PY) -m bench.crypto

clean:  ## forget environments and caches, keep the demo
	@rm -rf $(VENV) $(VENV)-mobile .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
lock:  ## resolve the lock files anew (needs uv)
	@$(LOCK) pyproject.toml --extra dev -o locks/dev.txt
	@$(LOCK) pyproject.toml -c locks/dev.txt -o locks/tablet.txt
	@$(LOCK) pyproject.toml --extra web --extra server --extra admin --extra author -c locks/dev.txt -o locks/run.txt
	@$(LOCK) pyproject.toml --extra mobiletest -c mobile-constraints.txt -o locks/mobile.txt
