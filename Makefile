# Every target works on a machine with only Python 3.11+, make and the package registries.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup setup-test run test bench chaos lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/runtime.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Årshjul trenger Python 3.11 eller nyere; dette er %d.%d. Angi en annen med: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/runtime.stamp requirements-test.lock tests/clients/package-lock.json tests/setup.sh
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	PATH="$(abspath $(BIN)):$$PATH" sh tests/setup.sh
	@touch $@

setup: $(VENV)/runtime.stamp ## Create .venv with the locked dependencies

setup-test: $(VENV)/test.stamp ## The same, with all that the tests need

run: setup ## Start the demonstration: a database, synthetic data, a year replayed, the site
	$(BIN)/aarshjul demo

test: setup-test ## Every check: format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

bench: setup-test ## Long: the measurements of bench/README.md
	$(BIN)/python -m bench

chaos: setup-test ## Long: kill, freeze and starve real processes
	$(BIN)/pytest -m chaos

lock: ## Pin the dependencies anew (needs uv)
	uv pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.lock
	uv pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes pyproject.toml --group test -o requirements-test.lock

clean: ## Remove what the targets above made
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info tests/clients/node_modules
