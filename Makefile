# The commands of the house. Needs make, git and a Python >= 3.11 with venv; everything else goes into .venv.
#   make run    the register on this machine     PORT=8001 DATA_DIR=/elsewhere make run
#   make test   the whole suite                  TEST_DATABASE_URL=… TEST_BROKER_URL=… make test

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
PYTEST := $(PYTHON) -m pytest -p no:cacheprovider
PARALLEL ?= auto
# A Python is tried by running it: a pyenv shim may exist and fail. `make run PYTHON3=/opt/python/bin/python3` chooses one.
CANDIDATES := $(PYTHON3) python3.13 python3.12 python3.11 python3 python python3.14 /usr/bin/python3 /usr/local/bin/python3
# Given with the lock: uv asks the system for certificates, as pip does.
UV := UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1 $(PYTHON) -m uv --quiet
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
BENCH := $(VENV)/.bench
NODE_MODULES := clients/node_modules/.package-lock.json

export PYTHONUNBUFFERED := 1

.PHONY: help run test tour lint check types contracts client clients clients-test dashboard dashboard-check words contract contract-check contract-diff migrations-check lock bench chaos fuzz browser compose-check clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: $(RUNTIME) ## Run web, worker and beat on this machine, until Ctrl-C
	@exec $(MANAGE) run

test: $(DEV) ## Run the whole suite on the embedded default, or on TEST_DATABASE_URL / TEST_BROKER_URL
	$(PYTEST) -n $(PARALLEL) $(ARGS)

tour: $(DEV) ## Run every block of the README's tour against a register of its own
	$(PYTEST) -m tour tests/operations/test_tour.py $(ARGS)

lint: $(DEV) ## Style, format, types and import contracts
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(MAKE) types contracts

types: $(DEV)
	$(PYTHON) -m mypy

contracts: $(DEV)
	$(VENV)/bin/lint-imports

check: lint test contract-check migrations-check ## Everything that must be green before a commit

contract: $(DEV) ## Write registry/openapi.yaml from the code
	$(MANAGE) spectacular --validate --fail-on-warn --file registry/openapi.yaml

client: $(DEV) ## Generate the Python client of the contract into build/client
	@$(PYTHON) clients/python/generate.py build/client

clients: client $(NODE_MODULES) ## Build both clients from the contract: Python in build/client, TypeScript in clients/typescript/dist
	@cd clients && npm run --silent --workspace typescript build

clients-test: clients ## Check both clients under strict types and drive them against a running server
	@cd clients && npm run --silent --workspace typescript scenario
	$(PYTEST) -n 0 tests/clients $(ARGS)

dashboard: $(NODE_MODULES) ## Check the dashboard against the contract and build what the register serves
	@cd clients && npm run --silent --workspace typescript generate && npm run --silent --workspace dashboard check && npm run --silent --workspace dashboard build

dashboard-check: $(NODE_MODULES) ## Fail when the served script is not what its sources make, or does not fit the contract
	@mkdir -p build
	@cd clients && npm run --silent --workspace typescript generate && npm run --silent --workspace dashboard check
	@cd clients/dashboard && node build.mjs ../../build
	cmp build/dashboard.js registry/dashboard/static/registry/dashboard.js
	cmp build/theme.js registry/dashboard/static/registry/theme.js

words: $(DEV) ## Compile the translations of the pages' frame
	$(PYTHON) -m babel.messages.frontend compile --domain django --directory registry/locale

contract-check: $(DEV) ## Fail when registry/openapi.yaml is not what the code says
	@mkdir -p build
	$(MANAGE) spectacular --validate --fail-on-warn --file build/openapi.yaml
	diff -u registry/openapi.yaml build/openapi.yaml

# The contract of the last release; before the first one, the one last committed. Another: make contract-diff SINCE=v1.0.0
SINCE ?= $(shell git describe --tags --abbrev=0 2>/dev/null || echo HEAD)
contract-diff: $(NODE_MODULES) ## Fail when the contract breaks a client of the last release
	@mkdir -p build
	@git show $(SINCE):registry/openapi.yaml >build/released.yaml
	@node clients/contract-diff.mjs build/released.yaml registry/openapi.yaml

migrations-check: $(DEV) ## Fail when a model has changed without its migration
	$(MANAGE) makemigrations --check --dry-run

compose-check: $(DEV) ## Check docker-compose.yml, with docker where it is there
	$(PYTHON) -m pytest -p no:cacheprovider -q tests/operations/test_compose.py

bench: $(BENCH) ## Measure against floors in the same run and print ratios
	$(PYTHON) -m tests.bench $(ARGS)

chaos: $(DEV) ## Kill, cut off and race, and count what is lost
	$(PYTEST) tests/chaos $(ARGS)

fuzz: $(DEV) ## Throw generated requests at every operation
	$(PYTEST) -n $(PARALLEL) tests/fuzz $(ARGS)

browser: $(DEV) ## Look at the pages with the system's Chromium
	$(PYTEST) tests/browser $(ARGS)

lock: $(DEV) ## Lock requirements/*.in again, with hashes and without a registry's address
	@for name in runtime dev bench; do \
		$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade \
			requirements/$$name.in -o requirements/$$name.txt >/dev/null || exit 1; \
	done

clean: ## Remove what was installed and built, not the data in var/
	rm -rf $(VENV) build .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis

# ── Installation: again only when a lock has changed ──────────────────────────────────────────

$(PYTHON):
	@for python in $(CANDIDATES); do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "Making $(VENV) with $$("$$python" --version)"; \
			"$$python" -m venv --clear $(VENV) && exit 0; \
		fi; \
	done; \
	echo "No Python >= 3.11 with venv found. On Debian or Ubuntu: apt-get install python3 python3-venv" >&2; \
	rm -rf $(VENV); exit 1

# uv installs in seconds what takes pip a minute; where it can't (another certificate store, another
# platform), pip does. Each set is installed over what is there: `make run` takes nothing from `make test`.
define install
	@echo "Installing $(1)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check "uv>=0.9" >/dev/null 2>&1 || true
	@$(UV) pip install --python $(PYTHON) --require-hashes -r $(1) 2>$(VENV)/uv.log \
		|| { echo "uv could not (see $(VENV)/uv.log); pip tries"; \
		     $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); }
	@touch $(2)
endef

$(RUNTIME): requirements/runtime.txt | $(PYTHON)
	$(call install,requirements/runtime.txt,$(RUNTIME))

# dev.txt holds all of runtime.txt at the same versions: one lock is made from the other's list.
$(DEV): requirements/dev.txt | $(PYTHON)
	$(call install,requirements/dev.txt,$(DEV))
	@touch $(RUNTIME)

# The peers of the benchmark, over what is there.
$(BENCH): requirements/bench.txt | $(DEV)
	$(call install,requirements/bench.txt,$(BENCH))

# Node is needed for the TypeScript client and to build the dashboard again, not to run or test the register.
$(NODE_MODULES): clients/package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or newer with npm is needed for this." >&2; exit 1; }
	@cd clients && npm ci --silent
