# The developer's commands. `make demo` needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
# Python keeps what it has compiled, whatever the environment says: the tests' asserts take long to be compiled anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo demo-nodes test test-all check lint types imports format messages lock clean

demo: .venv/plan
	$(BIN)/haicap demo

# Five installations on this machine: lines are cut and mended, a courier file crosses where none is.
demo-nodes: .venv/run
	$(BIN)/haicap demo-nodes

test: .venv/dev
	$(BIN)/pytest -n 2 -m "not slow"

# The heavy ones and the browser's too; nothing runs twice.
test-all: test
	$(BIN)/pytest -n 2 -m slow

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

# The lock files are complete: --no-deps keeps pip from asking for what a wheel names and haicap leaves out.
.venv/run: requirements/run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "haicap needs Python 3.11 or newer: install it, or name it as in make demo PYTHON=python3.12."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: install your system's python3-venv package and run make again."; exit 1; }
	@! ls /lib/ld-musl-* >/dev/null 2>&1 || [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ] || { echo "This system's C library is musl (as on Alpine), and haicap needs glibc: use Debian, Ubuntu, Fedora or their like."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $@

# The optimisers: what proposes plans. An office that calculates none goes without.
.venv/plan: .venv/run requirements/plan.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps --require-hashes -r requirements/plan.lock
	@touch $@

.venv/dev: .venv/run requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps --require-hashes -r requirements/dev.lock
	@touch $@

# Maintainers only: pins every package with its hashes.
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --only-binary :all: pyproject.toml requirements/build.in -o requirements/run.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --only-binary :all: pyproject.toml requirements/build.in --extra plan -c requirements/run.lock -o requirements/plan.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --only-binary :all: pyproject.toml requirements/build.in --extra plan --extra dev -c requirements/plan.lock -o requirements/dev.lock

# Leaves var alone: it is an installation, with records and keys.
clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .hypothesis
