# Two commands for newcomers: `make run` and `make test`. Everything else is `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
HOME_DIR ?= var
CONFIG_DIR ?= config

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false

# The first Python from 3.11 to 3.13 that works here; `make PYTHON=/path/to/python` overrides it.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	if $$python -c 'import sys, venv, ensurepip; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	then echo $$python; break; fi; done)

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: $(INSTALLED) ## Create .venv and install exactly what requirements.lock names

$(INSTALLED): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11, 3.12 or 3.13 with venv found. Install one (Debian/Ubuntu: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12" >&2; \
		exit 2; fi
	@if [ -L $(VENV) ]; then echo "$(VENV) is a link to another checkout's installation, which would be emptied: remove the link" >&2; exit 2; fi
	@echo "Installing into $(VENV) with $$($(PYTHON) --version) (one to two minutes, once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q data_quality orchestration pipelines
	@$(BIN)/python -m orchestration.dbt.manifest
	@touch $(INSTALLED)

# Three of its parts come as source only; everything is held against its hash.
.PHONY: install-spark
install-spark: $(VENV)/.spark ## Install what a run with `engine: spark` needs beside the rest (docs/scale.md); the cluster is yours

$(VENV)/.spark: requirements-spark.lock $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-binary pure-sasl,pyhive,thrift -r requirements-spark.lock
	@touch $@

.PHONY: run
run: $(INSTALLED) ## Run the main job; makes demo deliveries first while config/sources.yml is the shipped one
	@if grep -q '^demo: true' $(CONFIG_DIR)/sources.yml && [ ! -d $(HOME_DIR)/demo ]; then \
		$(BIN)/kundenwert demo --out $(HOME_DIR)/demo; fi
	@$(BIN)/kundenwert --config $(CONFIG_DIR) --home $(HOME_DIR) run

.PHONY: site
site: $(INSTALLED) ## Write dbt's documentation of the models, with their lineage, as one offline file beside the pages
	@$(BIN)/kundenwert --config $(CONFIG_DIR) --home $(HOME_DIR) dbt docs generate --static --quiet
	@install -m 600 $(HOME_DIR)/dbt/by_hand/static_index.html $(HOME_DIR)/reports/dbt.html
	@echo "$(HOME_DIR)/reports/dbt.html"

.PHONY: test
test: $(INSTALLED) ## Prove what the README promises: all but the slow tests, some minutes
	@$(BIN)/python -m pytest -m "not slow"

.PHONY: test-rest
test-rest: $(INSTALLED) ## Run the slow tests only
	@$(BIN)/python -m pytest -m slow

.PHONY: test-all
test-all: $(INSTALLED) ## Run every test this machine has the parts for, and measure what they cover
	@$(BIN)/python -m pytest --cov

.PHONY: one
one: $(INSTALLED) ## Run one thing: T= a test (path, or words of its name) or a dbt unit test by name
	@$(BIN)/python -m tests.one "$(T)"

.PHONY: golden
golden: $(INSTALLED) ## Compare the worked example (or GOLDEN=folder) with what a run publishes, worked cases (STATEMENTS=file) with the models
	@$(BIN)/python -m tests.golden $(GOLDEN) $(if $(STATEMENTS),--statements $(STATEMENTS))

.PHONY: cases
cases: $(INSTALLED) ## Run the cases from public reports (CASE=01 one, FAST=1 stop after landing where that decides): value met, refused or SILENT
	@$(BIN)/python -m tests.cases $(CASE) $(if $(FAST),--fast)

SERVING_TESTS := tests/pipelines/publishing tests/orchestration/commands/test_serve_postgres.py $(wildcard tests/serving_questions)
.PHONY: test-serving
test-serving: $(INSTALLED) ## Prove what BI tools read, in DuckDB and in a PostgreSQL of its own
	@$(BIN)/python -m pytest -m "slow or not slow" $(SERVING_TESTS)

.PHONY: test-operations
test-operations: $(INSTALLED) ## Kill a real daemon and web UI, fill a real disk, take rights away, start twenty at once: minutes
	@$(BIN)/python -m pytest -n 0 -m "slow or endless or not slow" tests/operations

.PHONY: test-deploy
test-deploy: $(INSTALLED) ## Execute the container file's steps in a root file system of Debian's packages, and run there: minutes
	@$(BIN)/python -m pytest -n 0 -m endless tests/deploy/test_image.py

.PHONY: thousand-days
thousand-days: $(INSTALLED) ## Run DAYS=1000 days, one after the other, in one home under a clock that moves on, and tell what grew: hours
	@$(BIN)/python -m tests.operations.thousand_days --days $(or $(DAYS),1000) --into $(or $(INTO),var/days)

.PHONY: test-faults
test-faults: $(INSTALLED) ## Deliver and configure everything wrongly that the fault catalogue names, row by row
	@$(BIN)/python -m pytest tests/faults

.PHONY: test-endless
test-endless: $(INSTALLED) ## Repeat proofs on hundreds of generated companies, files and defects: an hour and more
	@$(BIN)/python -m pytest -m endless

.PHONY: defects
defects: $(INSTALLED) ## Judge five hundred companies with one planted defect each: none is published silently, no healthy one refused
	@$(BIN)/python -m pytest -m "slow or endless or not slow" tests/cases/test_defects.py

.PHONY: fuzz
fuzz: $(INSTALLED) ## Land N=20000 files with random damage (SEED=0 the first): no error without a code, no row and no cent lost
	@$(BIN)/python -m tests.faults.fuzz --count $(or $(N),20000) --seed $(or $(SEED),0)

.PHONY: lint
lint: $(INSTALLED) ## Style, types, import directions, SQL style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests --disable-progress-bar

# ROUNDS=3 and JOBS=scan,script,full narrow it; KEEP=1 adds to bench/history.csv and writes the figures of docs/performance.md and docs/scale.md anew.
SIZES ?= 100k,1m
.PHONY: bench
bench: $(INSTALLED) ## Compare numbers with a script by hand, then measure: SIZES=100k,1m,10m,50m KEEP=1
	@$(BIN)/python -m bench --sizes "$(SIZES)" $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(JOBS),--jobs $(JOBS)) $(if $(KEEP),--keep)

.PHONY: bench-spark
bench-spark: spark-tools ## The same run on DuckDB and on a Spark of two workers, byte for byte, then their times: SIZES=1m KEEP=1
	@$(BIN)/python -m bench --sizes "$(SIZES)" --spark $(if $(KEEP),--keep)

.PHONY: bench-tools
bench-tools: $(INSTALLED) ## Install pandas and Polars for `make bench` into an environment of their own, var/bench/tools
	@$(BIN)/python -m venv --clear var/bench/tools
	@var/bench/tools/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r bench/requirements.txt

TRYTON := var/tryton/tools
$(TRYTON)/.installed: tests/tryton/requirements.txt | $(INSTALLED)
	@$(BIN)/python -m venv --clear $(TRYTON)
	@$(TRYTON)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r tests/tryton/requirements.txt
	@touch $(TRYTON)/.installed

.PHONY: tryton-tools
tryton-tools: $(TRYTON)/.installed ## Install Tryton, a real ERP to test with, into an environment of its own, var/tryton/tools

.PHONY: test-tryton
test-tryton: $(INSTALLED) tryton-tools ## Fill Tryton on PostgreSQL through its own client library, and hold the marts against its ledger: minutes
	@$(BIN)/python -m pytest -n 0 -m "slow or not slow" tests/tryton

SUPERSET := var/superset/tools
# Two of its parts come as source only; everything is held against its hash.
$(SUPERSET)/.installed: tests/superset/requirements.lock | $(INSTALLED)
	@$(BIN)/python -m venv --clear $(SUPERSET)
	@$(SUPERSET)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-binary odfpy,wtforms-json -r tests/superset/requirements.lock
	@touch $(SUPERSET)/.installed

.PHONY: superset-tools
superset-tools: $(SUPERSET)/.installed ## Install Apache Superset, to test dashboards with, into an environment of its own, var/superset/tools

.PHONY: test-superset
test-superset: $(INSTALLED) superset-tools ## Import the dashboards of bi/superset into a real Superset and hold every chart against the marts: minutes
	@$(BIN)/python -m pytest -n 0 -m "slow or not slow" tests/superset tests/bi

# What it installs is kept until the extra `sail` changes (tools/lanes.py).
.PHONY: sail-tools
sail-tools: $(INSTALLED) ## Install Sail, a second engine that speaks Spark SQL, into an environment of its own, .lanes/environments/sail
	@$(BIN)/python -m tools.lanes install sail

.PHONY: test-sail
test-sail: sail-tools ## Compute every mart by the Spark text, without Java, and hold it against DuckDB's; the worked cases, the dialect on edge values: minutes
	@$(BIN)/python -m pytest -n 0 -m "slow or not slow" tests/dbt_project/test_sail.py tests/dbt_project/test_dialect.py tests/statements/test_elsewhere.py

SPARK := var/spark/tools
$(SPARK)/.installed: tests/spark/requirements.txt | $(INSTALLED)
	@$(BIN)/python -m venv --clear $(SPARK)
	@$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/spark/requirements.txt
	@touch $(SPARK)/.installed

.PHONY: spark-tools
spark-tools: install-spark $(SPARK)/.installed ## Install Apache Spark, to test with, into an environment of its own, var/spark/tools (it needs Java 17)

.PHONY: test-spark
test-spark: spark-tools ## Start a Spark of master, two workers and Thrift server, run companies on it, hold every mart against DuckDB's, kill parts of it
	@$(BIN)/python -m pytest -n 0 -m "slow or endless or not slow" tests/spark

.PHONY: ui
ui: $(INSTALLED) ## Open Dagster's web UI on 127.0.0.1
	@$(BIN)/kundenwert --config $(CONFIG_DIR) --home $(HOME_DIR) ui

.PHONY: docs
docs: $(INSTALLED) ## Write the generated files anew: dbt sources, data dictionaries, the union of checks, the list of rules
	@$(BIN)/python -m pipelines.contracts.generate
	@$(BIN)/python -m pipelines.vocabulary.measures
	@$(BIN)/python -m tools.input_checks
	@$(BIN)/python -m tools.code_seed
	@$(BIN)/python -m tools.mart_dictionary
	@$(BIN)/python -m bi.superset datasets
	@$(BIN)/python -m tools.exposures
	@$(BIN)/python -m tools.dax
	@$(BIN)/python -m tools.error_codes
	@$(BIN)/python -m tools.rules
	@$(BIN)/python -m tools.source_words
	@$(BIN)/python -m tools.privacy
	@$(BIN)/python -m tools.example_systems

.PHONY: languages
languages: $(INSTALLED) ## List per language which texts it lacks (said in English instead)
	@$(BIN)/python -m pipelines.vocabulary

# Each builds the demo company once with the released environment and once by its own, and compares every mart (tools/lanes.py).
LANES := lane-duckdb2 lane-dbt2 lane-sail lane-spark lane-optimiser
.PHONY: $(LANES)
lane-duckdb2: ## Compare every mart under DuckDB 2 (an environment of its own, a test only)
lane-dbt2: ## Compare every mart under dbt 2.0's release candidate (proprietary licence, a test only)
lane-sail: ## Compare every mart of the Spark text computed by Sail, without Java
lane-spark: ## Compare every mart of a run whose models a real Spark computes (Java 17)
lane-optimiser: ## Compare every mart with groups of DuckDB's optimiser rules off
lane-spark: spark-tools
$(LANES): $(INSTALLED)
	@$(BIN)/python -m tools.lanes $(@:lane-%=%)

.PHONY: lanes
lanes: $(INSTALLED) ## Compare every mart in all lanes, as one table: lane x mart, equal or the first row that differs; half an hour
	@$(BIN)/python -m tools.lanes

# No index URL goes into the lock, wheels only when installing; needs uv on the PATH.
.PHONY: lock
lock: ## Resolve the dependencies anew into requirements.lock
	@uv pip compile --universal --generate-hashes --no-emit-index-url --no-strip-extras --quiet \
		--extra dev --python-version 3.11 --custom-compile-command "make lock" pyproject.toml --output-file requirements.lock
	@uv pip compile --universal --generate-hashes --no-emit-index-url --no-strip-extras --quiet \
		--extra dev --extra spark --python-version 3.11 --custom-compile-command "make lock" --constraint requirements.lock \
		pyproject.toml --output-file requirements-spark.lock

.PHONY: superset-lock
superset-lock: ## Resolve what `make superset-tools` installs anew
	@uv pip compile --universal --generate-hashes --no-emit-index-url --no-strip-extras --quiet --python-version 3.11 \
		--custom-compile-command "make superset-lock" tests/superset/requirements.in --output-file tests/superset/requirements.lock

.PHONY: clean
clean: ## Remove what the tools left behind (never var/)
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage dbt_project/target dbt_project/logs *.egg-info
