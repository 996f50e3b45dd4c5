# Two commands: `make run` and `make test`. Everything else is for people who change the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check check-static gate test-all test-lowest format clean

$(VENV)/run.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --editable '.[test,excel]'
	@touch $@

run: $(VENV)/run.stamp
	$(BIN)/twin demo --quickstart

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -q -n auto --dist loadfile

# Real windows, browsers and processes last, one at a time: they are told apart from what can share the processors.
test-all: $(VENV)/test.stamp
	$(BIN)/python -m pytest -q -n auto --dist loadfile -m "not e2e and not screen"
	$(BIN)/python -m pytest -q -m "e2e or screen"

# The fast tests with the oldest libraries that pyproject.toml admits; libraries newer than these may tell them off.
test-lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet uv
	$(VENV)-lowest/bin/uv pip install --quiet --python $(VENV)-lowest/bin/python --resolution lowest-direct \
		--editable '.[test,excel]'
	$(VENV)-lowest/bin/python -m pytest -q -n auto --dist loadfile -W default::DeprecationWarning

check-static: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

gate: $(VENV)/run.stamp
	$(BIN)/twin gate check --baseline baselines

check: check-static
	$(BIN)/python -m pytest -q -n auto --dist loadfile

format: $(VENV)/test.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(VENV)-lowest build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
