# Two commands from nothing to an answer: `make study`, then `make ui`. Each sets up .venv when it is missing
# or older than the requirements.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 5000

# `dvc repro` calls `ganstudy`, which must be the one of this .venv.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true

.PHONY: study test test-slow ui docs

study: $(BIN)/.ready
	ganstudy check
	ganstudy plan
	dvc repro
	ganstudy summary

test: $(BIN)/.ready
	ruff check .
	ruff format --check .
	mypy
	pytest -n 2 -m "not slow"

# What takes minutes: the published expectations over many seeds, DVC's own runs of a small study, and a cluster.
# Three at once on two cores, for many wait; file by file, for the tests of a file share what takes long to start.
test-slow: $(BIN)/.ray
	pytest -n 3 --dist loadfile -m slow --durations=20

ui: $(BIN)/.ready
	ganstudy ui --port $(PORT)

# The pages of docs/ as a site, in site/, which opens without a server.
docs: $(BIN)/.ready
	NO_MKDOCS_2_WARNING=true mkdocs build --quiet

$(BIN)/.ready: pyproject.toml requirements/numerics.txt requirements/lock.txt
	$(PYTHON) -m venv --clear .venv
	pip install --quiet --disable-pip-version-check -r requirements/numerics.txt
	pip install --quiet --disable-pip-version-check -r requirements/lock.txt
	pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# Only who has a cluster needs Ray.
$(BIN)/.ray: $(BIN)/.ready requirements/ray.txt
	pip install --quiet --disable-pip-version-check -r requirements/ray.txt
	touch $@
