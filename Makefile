# From nothing to a tune: each target makes the environment it needs, once, and again when setup.cfg has changed.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
EXTRAS ?= dev
VENV := .venv
BIN := $(VENV)/bin
STAND_IN = $(shell $(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/beside_xtuner.pth

.PHONY: help chat serve test train-env bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

chat: $(VENV)/.base ## compose: talk to a composer, or get one tune where there is no terminal
	@$(BIN)/abcllm chat

serve: $(VENV)/.serve ## the same in a browser: a page with the score, sound, an editor; and an interface for programs
	@$(BIN)/abcllm serve

train-env: $(VENV)/.train ## what training needs, xtuner among it, into the same environment: 2 GB, more with CUDA
	@$(BIN)/abcllm doctor --training

test: $(VENV)/.train $(VENV)/.dev ## format, lint, types, contracts and tests: what CI runs
	@tools/check

bench: $(VENV)/.dev ## speed of reading, checking and writing, beside other programs
	@tools/install-peers && $(BIN)/python tools/bench speed

clean: ## remove what was built, the environment included
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage

# Installing names each package as it comes, so that a minute of waiting can be understood.
define install
	@echo "installing $(1)"
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input $(1) 2>&1 | tee $(VENV)/install.log \
	    | awk '/^Collecting/ { print "  " $$2; fflush() }' || { tail -n 20 $(VENV)/install.log >&2; exit 1; }
endef

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "abcllm needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo 'not found')." \
	         "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	    echo "could not make $(VENV); on Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.base: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(call install,-e .)
	@touch $@

$(VENV)/.serve: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(call install,-e '.[serve]')
	@touch $@ $(VENV)/.base

$(VENV)/.dev: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(call install,-e '.[$(EXTRAS)]')
	@touch $@ $(VENV)/.base

# torch first, so that nothing else chooses it; xtuner last and alone, for it asks for older versions than it needs. It
# imports torchvision, which text does without and whose wheels do not load beside a torch for the processor alone:
# there a stand-in is found after all that is installed.
$(VENV)/.train: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(call install,torch==2.13.0)
	$(call install,-e '.[train]')
	$(call install,--no-deps xtuner==0.2.0)
	@if $(BIN)/python -c 'import sys, torch; sys.exit(torch.version.cuda is None)'; then \
	    rm -f $(STAND_IN); $(BIN)/python -m pip install --quiet --disable-pip-version-check torchvision torch==2.13.0; \
	else \
	    echo "$(CURDIR)/tools/beside_xtuner" >"$(STAND_IN)"; \
	fi
	@touch $@ $(VENV)/.base
