# Every command a person types. Each installs what it needs into .venv, from locks with hashes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet

.PHONY: help install demo run test faults check format bench screenshots lock clean

help:
	@echo "make install  what it needs, into .venv"
	@echo "make demo     try it, or practise, in a browser: prints one link and stays up"
	@echo "make test     all tests but the long ones"
	@echo "make faults   what must hold when machines die: kills, lost replies, stalls, for minutes"
	@echo "make check    format, lint, types, imports, tests"
	@echo "make bench    speed and scale, as ratios to a floor (ARGS=--only declare,ack)"
	@echo "make screenshots   pictures of the local workspace's page, into docs/screenshots"
	@echo "make run      run the bot with the settings in .env"
	@echo "make lock     write the lock files anew"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Muster needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.runtime

demo: $(VENV)/.runtime
	@$(BIN)/muster demo $(ARGS)

run: $(VENV)/.runtime
	@$(BIN)/muster run

# All tests share the cores; ARGS="tests/incident" runs some of them, in one process.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not long" $(or $(ARGS),-n auto)

# In random order; MUSTER_FAULT_SEED=… repeats a run.
faults: $(VENV)/.dev
	$(BIN)/python -m pytest $(or $(ARGS),tests/faults -n 2)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -m "not long" $(or $(ARGS),-n auto)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks $(ARGS)

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.browser.screenshots

lock: $(VENV)/.dev
	$(PIP) uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --extra embedded --extra picture --extra editable pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --extra embedded --extra picture --extra editable --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV)
