.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

help:  ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -r requirements-dev.txt
	@touch .venv

run: .venv  ## open the dashboard on Car-Land
	$(BIN)/streamlit run dashboard/app.py

test: .venv  ## run all tests on all cores, browser tests included where a Chromium is found
	$(BIN)/python -m pytest -n auto

quick: .venv  ## run the tests that need neither a browser nor much time
	$(BIN)/python -m pytest -n auto -m "not browser and not slow"

check: .venv  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

ci:  ## everything that is checked before a change lands
	.ci/run

bench: .venv  ## measure the map view in a browser
	$(BIN)/python -m benchmarks.map_view

bench-loading: .venv  ## measure how fast files load, beside the usual libraries
	$(BIN)/pip install -q -r requirements-bench.txt
	$(BIN)/python -m benchmarks.loading --write

bench-engine: .venv  ## measure neighbours and layouts, beside the usual libraries, and how they scale
	$(BIN)/pip install -q -r requirements-bench.txt
	$(BIN)/python -m benchmarks.engine --data digits10k digits70k text300k text1m --write
	$(BIN)/python -m benchmarks.engine --scaling --write

bench-clusters: .venv  ## hold every clustering method against the labels of real data, and time it on large maps
	$(BIN)/python -m benchmarks.clusters --write
	$(BIN)/python -m benchmarks.clusters --sizes --write

SECONDS ?= 60
fuzz: .venv  ## fuzz every loader for SECONDS=60 each, where atheris is installed
	$(BIN)/python -m fuzz --seconds $(SECONDS)

.PHONY: help run test quick check format ci bench bench-loading bench-engine bench-clusters fuzz
