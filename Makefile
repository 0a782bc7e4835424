# Set up, run, test and check CareCampaign. `make help` lists the commands.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
export PORT ?= 8000
PYTEST_ARGS ?=

BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
TRANSLATIONS := carecampaign/translations
CATALOGUES := $(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/messages.po)
EXTRACT := $(BIN)/pybabel --quiet extract --mapping-file babel.cfg --keywords _l --keywords _n:1,2 \
	--keywords lazy_gettext --add-location file --sort-by-file --project CareCampaign \
	--copyright-holder 'CareCampaign contributors' --width 99
ASSETS := carecampaign/static/vendor/icons.svg
# One command's environment; nothing an installation uses is touched by the checks.
SCRATCH := env -u REDIS_URL DEMO=0 SECRET_KEY=check DATA_KEY=check

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# Setting up -----------------------------------------------------------------------------

.PHONY: setup
setup: .venv/runtime.stamp $(ASSETS) $(CATALOGUES:.po=.mo) ## Install what running needs

.PHONY: setup-dev
setup-dev: setup .venv/dev.stamp ## Install what tests and checks need as well

# A machine that lacks something hears of it in one line.
.venv/bin/python:
	@command -v $(PYTHON) > /dev/null || \
		{ echo "Python is missing: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
		{ echo "Python cannot make environments here: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/runtime.stamp: requirements.txt | .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/runtime.stamp
	$(PIP) -r requirements-dev.txt
	@touch $@

node_modules/installed.stamp: package.json package-lock.json .npmrc | .venv/runtime.stamp
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --loglevel error
	@touch $@

$(ASSETS): node_modules/installed.stamp carecampaign/static/icons.txt tools/vendor_assets.py
	$(BIN)/python -m tools.vendor_assets

%.mo: %.po | .venv/runtime.stamp
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Running --------------------------------------------------------------------------------

.PHONY: run
run: export DEMO ?= 1
run: setup ## Serve the demo on http://127.0.0.1:8000 (PORT=… for another), ctrl-C stops
	@$(FLASK) db upgrade
	@$(FLASK) demo load --if-empty
	@exec $(FLASK) serve

# Checking -------------------------------------------------------------------------------

.PHONY: test
test: setup-dev ## Run the tests (TEST_DATABASE_URL=postgresql+psycopg://… for PostgreSQL)
	$(BIN)/pytest $(PYTEST_ARGS)

.PHONY: soak
soak: export LEDGER_EXAMPLES ?= 5000
soak: setup-dev ## Drive the stock ledger through many more histories (LEDGER_EXAMPLES=…)
	$(BIN)/pytest tests/properties/test_inventory.py $(PYTEST_ARGS)

.PHONY: coverage
coverage: override PYTEST_ARGS += --cov --cov-report=term
coverage: test ## Run the tests and measure which branches they take

.PHONY: check
check: setup-dev ## Run every check short of the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --check templates
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python -m tools.check_requirements
	@$(MAKE) --no-print-directory check-translations check-migrations

.PHONY: check-translations
check-translations: setup-dev
	@pot="$$(mktemp)"; trap 'rm -f "$$pot"' EXIT; \
		$(EXTRACT) --output-file "$$pot" carecampaign templates; \
		$(BIN)/python -m tools.check_translations "$$pot"

.PHONY: check-migrations
check-migrations: setup-dev
	@folder="$$(mktemp -d)"; trap 'rm -rf "$$folder"' EXIT; \
		export DATABASE_URL="sqlite:///$$folder/check.db" QUEUE_FILE="$$folder/queue.db"; \
		$(SCRATCH) $(FLASK) db upgrade 2> "$$folder/log" || { cat "$$folder/log" >&2; exit 1; }; \
		$(SCRATCH) $(FLASK) db check

.PHONY: bench
bench: setup ## Measure what docs/benchmarks.md quotes; PARTS=finder for one table of it
	$(BIN)/python -m bench $(PARTS)

# Looking after --------------------------------------------------------------------------

.PHONY: format
format: setup-dev ## Put code and templates into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djlint --quiet --reformat templates

.PHONY: translations
translations: setup-dev ## Bring the Chinese catalogue in step with code and templates
	@pot="$$(mktemp)"; trap 'rm -f "$$pot"' EXIT; \
		$(EXTRACT) --output-file "$$pot" carecampaign templates; \
		po=$(TRANSLATIONS)/zh/LC_MESSAGES/messages.po; \
		[ -e "$$po" ] || $(BIN)/pybabel --quiet init --input-file "$$pot" --output-file "$$po" --locale zh; \
		$(BIN)/pybabel --quiet update --input-file "$$pot" --output-file "$$po" --locale zh \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 99

.PHONY: lock
lock: setup-dev ## Compile the lock files after a change of pyproject.toml or package.json
	$(BIN)/python -m tools.lock

.PHONY: screenshots
screenshots: setup-dev ## Take the pictures of README and guide from a running `make run`
	$(BIN)/python -m tools.screenshots
