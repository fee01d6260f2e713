# Two commands: `make run` serves, `make test` tests. Everything is installed into .venv and node_modules, nothing elsewhere.
.DEFAULT_GOAL := help
.PHONY: help run test trial check demo bench ready test-ready check-ready

PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
# `make trial TRIAL=exactly_once` runs only the tests whose name has that in it
ONLY := $(if $(filter-out all,$(TRIAL)),-k "$(TRIAL)")
PYTEST := $(BIN)/python -m pytest

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name words; do printf 'make %-7s %s\n' "$$name" "$$words"; done

run: ready ## install what is missing, prepare the database, serve on HOST:PORT (default 127.0.0.1:8000)
	@$(FLASK) db upgrade
	@$(FLASK) regions load
	@exec $(BIN)/python -m app.serve

test: check-ready ## every test, long ones in reduced size: on SQLite, on PostgreSQL, in the browser
	@$(BIN)/python -m tests.postgres --bring
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python tools/run_tests.py

trial: check-ready ## the same tests at their full figures; TRIAL=<name> for one
	@$(BIN)/python -m tests.postgres --bring
	@$(BIN)/python -m tests.chromium
	@TRIAL="$(or $(TRIAL),all)" $(BIN)/python tools/run_tests.py $(ONLY)

check: check-ready ## formatter, linter, types, import contracts, templates, JavaScript, locks
	@$(BIN)/python tools/check.py

demo: ready ## demonstration data into the current database
	@$(FLASK) db upgrade
	@$(FLASK) regions load
	@$(FLASK) demo load

bench: test-ready ## benchmarks, as ratios to yardsticks measured in the same run
	@$(BIN)/python -m bench

ready: .venv/run.stamp $(COMPILED)
	@$(BIN)/python tools/assets.py

test-ready: ready .venv/test.stamp

check-ready: test-ready .venv/check.stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv .venv || { echo "python -m venv failed; on Debian and Ubuntu install python3-venv" >&2; exit 1; }

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Memasang pustaka (hanya kali pertama) ..."
	@$(PIP) -r requirements/run.txt
	@touch $@

.venv/%.stamp: requirements/%.txt .venv/run.stamp
	@$(PIP) -r $<
	@touch $@

translations/%.mo: translations/%.po
	@$(BIN)/pybabel -q compile -i $< -o $@
