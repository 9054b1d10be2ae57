# Footnoted. `make run` shows the chat on the sample articles; `make help` lists the rest.
#
# Everything goes into .venv (the packages), data/home (the sample's knowledge base) and the folder
# of your user data (the model files). A step that was interrupted is done again: its stamp in .venv
# is written last. Paths are relative throughout, so the checkout may lie under a name with spaces.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
EVAL ?=

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
KB := $(PY) -m ui.cli
MODEL := qwen2.5-coder-1.5b-instruct

MADE := $(VENV)/.made
RUNS := $(VENV)/.installed
DEVELOPS := $(VENV)/.installed-dev

# A .venv whose Python has gone, as after an upgrade of the system, is made again.
GONE := $(shell [ ! -e $(MADE) ] || $(PY) -c "" 2>/dev/null || rm -f $(MADE))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check bench bench-scale fuzz clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: $(RUNS) ## serve the chat on the sample articles at http://127.0.0.1:7860 (PORT=…)
	@$(KB) models pull $(MODEL) --home data/home || echo "make: without the local model answers are the articles' own sentences" >&2
	@$(KB) serve --home data/home --host "$(HOST)" --port "$(PORT)" --sync data/articles --examples data/questions.jsonl

test: check ## check, then run every test, those with the models and the browser too
	$(KB) models pull $(MODEL)
	$(PY) -m pytest

check: $(DEVELOPS) ## run the linters and check the types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: $(DEVELOPS) ## measure speed and quality (EVAL=folder of an evaluation set)
	$(KB) models pull $(MODEL)
	$(PY) -m tests.bench $(if $(EVAL),"$(EVAL)")

bench-scale: $(DEVELOPS) ## measure homes of 1,000 to 100,000 passages (EVAL=folder to take its articles)
	$(PY) -m tests.bench.scale $(if $(EVAL),"$(EVAL)")

fuzz: $(DEVELOPS) ## look for files that break a reader (SECONDS=60 for each format)
	$(PIP) install -c constraints.txt -e '.[fuzz]'
	$(PY) -m tests.fuzz --seconds $(or $(SECONDS),60)

clean: ## remove .venv and caches; articles, data/home and models stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find kb index ui tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A half-made .venv has no stamp and is made again.
$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: Python 3.11 or newer is needed, and '$(PYTHON)' is not; name one: make PYTHON=python3.12 …" >&2; exit 1; }
	rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { \
		echo "make: '$(PYTHON)' cannot make a virtual environment (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@touch $@

# torch comes first, alone and exact: asked for in any other way, pip may take gigabytes of CUDA.
$(RUNS): $(MADE) constraints.txt pyproject.toml
	$(PIP) install "$$(grep -m1 '^torch==' constraints.txt)"
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(DEVELOPS): $(MADE) constraints.txt pyproject.toml
	$(PIP) install "$$(grep -m1 '^torch==' constraints.txt)"
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $(RUNS) $@
