# `make` alone lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?=
export DIABAN_DATA := $(if $(DATA),$(abspath $(DATA)),$(CURDIR)/var)
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.test-ready
SOURCES := app data geo layers tests

.PHONY: help setup run test test-fast test-slow lint bench screens bundle texts test-setup

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(READY) ## install what running and benchmarks need, and the map assets; no root
	@test ! -f layers/assets/install.py || $(BIN)/python -m layers.assets.install

$(READY): requirements.txt requirements-dev.txt requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c requirements.lock
	@touch $(READY)

run: setup ## serve the app on 127.0.0.1:8501 (DATA=folder keeps the data elsewhere)
	@if [ -t 0 ]; then $(BIN)/python -m app serve; else $(BIN)/python -m app serve --if-empty demo; fi

test-setup: setup $(TEST_READY)

$(TEST_READY): deploy/install-test-packages
	@bash deploy/install-test-packages
	@touch $(TEST_READY)

lint: $(READY) ## style, types and import rules
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: test-setup lint ## lint, types, import rules and all tests but the long ones
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

test-fast: $(READY) ## the tests that need neither browser nor server database
	$(BIN)/python -m pytest -q -m "not slow and not browser and not database"

test-slow: test-setup ## the long suites
	$(BIN)/python -m pytest -m slow

screens: test-setup ## pictures of every page, in var/screens
	$(BIN)/python -m pytest -q tests/browser

bench: setup ## measure what has a number: prints JSON
	@for name in travel_times map_payload borders risk_speed privacy risk_backtest surface feedback search register start; do \
	    echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name --json || exit 1; done

bundle: setup ## a zip that installs with no network (PLATFORM=win_amd64 for Windows)
	$(BIN)/python deploy/bundle.py $(if $(PLATFORM),--platform $(PLATFORM))

texts: $(READY) ## bring the English catalog up to date with the code
	$(BIN)/python -m app.text.update
