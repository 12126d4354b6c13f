# Every target sets up what it needs; `make` alone lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench faults demo clean system-parts

# The oldest supported version first: it is the one that the pinned packages were tried with.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$p"; break; }; done)
PY := .venv/bin/python
MANAGE := $(PY) manage.py
DATA_DIR ?= $(CURDIR)/var
export DATA_DIR

STAMP = $$(cat requirements.txt requirements-dev.txt | cksum | tr ' ' -)
FIND_CHROMIUM = command -v chromium || command -v chromium-browser || command -v google-chrome

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: ## make .venv with all packages (quick when nothing has changed)
	@mkdir -p .venv; \
	if command -v flock >/dev/null; then exec 9>.venv/lock; flock 9; fi; \
	if [ "$$(cat .venv/stamp 2>/dev/null)" != "$(STAMP)" ]; then \
		if [ -z "$(PYTHON)" ]; then \
			echo "Python 3.11 or newer is needed; name one with: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; \
		fi; \
		echo "Installing packages (a few minutes the first time) ..."; \
		rm -f .venv/stamp; \
		[ -x $(PY) ] && $(PY) -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear .venv || { \
			echo "$(PYTHON) cannot make virtual environments (Debian: apt-get install python3-venv)." >&2; exit 1; }; \
		$(PY) -m pip install --quiet --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt || exit 1; \
		echo "$(STAMP)" > .venv/stamp; \
	fi

run: setup ## set everything up and serve the portal with its scheduler on http://127.0.0.1:8000 (or PORT)
	@$(MANAGE) up --with-parent

test: setup system-parts ## run all tests (ARGS="tests/x -k y" for some)
	@left_out=""; \
	{ $(FIND_CHROMIUM); } >/dev/null || left_out="the browser tests (no chromium)"; \
	if [ -n "$$left_out" ]; then echo "*** LEFT OUT: $$left_out ***"; set -- -m "not browser"; fi; \
	KEPT_TEST=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder "$$@" $(ARGS); status=$$?; \
	if [ -n "$$left_out" ]; then echo "*** LEFT OUT: $$left_out ***"; fi; \
	exit $$status

# What the browser tests and the translators need of the system. Root installs it; others are told.
system-parts:
	@lacking=""; \
	{ $(FIND_CHROMIUM); } >/dev/null || lacking="$$lacking chromium"; \
	command -v msgfmt >/dev/null || lacking="$$lacking gettext"; \
	command -v fc-list >/dev/null || lacking="$$lacking fontconfig"; \
	fonts() { fc-list 2>/dev/null | grep -qi "$$1"; }; \
	fonts 'noto.*cjk' || lacking="$$lacking fonts-noto-cjk"; \
	fonts 'notosans-' || lacking="$$lacking fonts-noto-core"; \
	[ -n "$$lacking" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing$$lacking ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$lacking; } \
			>/dev/null && exit 0; \
	fi; \
	echo "*** LACKING on this machine:$$lacking. What needs them is left out. ***"; \
	[ -z "$$CI" ] || { echo "With CI set that is a failure." >&2; exit 1; }

check: export KEPT_TEST = 1
check: setup ## linters, types, import rules, templates, migrations, deploy checks
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	$(MANAGE) makemigrations --check --dry-run
	@echo "$(MANAGE) check --deploy (as in production)"
	@url=$$($(PY) -m portal.embedded url --test) && \
	env -u KEPT_TEST DATABASE_URL="$$url" DEBUG=off SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		ALLOWED_HOSTS=support.example SITE_URL=https://support.example $(MANAGE) check --deploy --fail-level WARNING

bench: setup ## measure; the last line is one JSON object
	@$(PY) -m bench

faults: setup ## kill, freeze and disconnect on purpose, and count what is lost (ten minutes)
	@$(PY) -m tests.faults

demo: setup ## write the demo data into the database
	@$(MANAGE) migrate --verbosity 0 && $(MANAGE) createcachetable --verbosity 0 && $(MANAGE) demo

clean: ## stop the embedded database and remove all data under DATA_DIR (.venv stays)
	@if [ -e "$(DATA_DIR)/run/lock" ] && command -v flock >/dev/null && ! flock -n "$(DATA_DIR)/run/lock" true; then \
		echo "The portal is running (process $$(cat "$(DATA_DIR)/run/lock")): stop it first." >&2; exit 1; fi
	@if [ -d "$(DATA_DIR)" ]; then \
		python=$(PY); [ -x $$python ] || python="$(PYTHON)"; \
		$$python -m portal.embedded remove && $$python -m portal.embedded remove --test || exit 1; \
		cd "$(DATA_DIR)" && rm -rf run static mail media secret_key *postgres.log.1 && cd / && \
		{ rmdir "$(DATA_DIR)" 2>/dev/null || true; }; fi
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage
