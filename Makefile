# The developer's commands. `make demo` needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-all check lint types imports format messages lock clean

demo: .venv/run
	$(BIN)/haicap demo

test: .venv/dev
	$(BIN)/pytest -n 2 -m "not slow" --ignore=tests/browser

test-all: .venv/dev
	$(BIN)/pytest -n 2

check: lint types imports test

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

imports: .venv/dev
	$(BIN)/lint-imports --no-cache

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/run: requirements/run.lock pyproject.toml
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: install your system's python3-venv package and run make again."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $@

.venv/dev: .venv/run requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/dev.lock
	@touch $@

# Maintainers only: pins every package with its hashes.
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --only-binary :all: pyproject.toml requirements/build.in -o requirements/run.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --only-binary :all: pyproject.toml requirements/build.in --extra dev -c requirements/run.lock -o requirements/dev.lock

clean:
	rm -rf .venv var
