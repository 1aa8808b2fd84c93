# Two commands do everything on a machine with Python 3.11+ and a C++ compiler:
#   make conform   build, then validate the native core against the published vectors
#   make test      build, then run all tests
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NATIVE := $(shell find native -type f -not -path '*/build*/*' 2>/dev/null)

.PHONY: help conform test lint format wheel-check clean

help:
	@echo "make conform   validate the native core against the published vectors (report: report.html, report.json)"
	@echo "make test      run all tests"
	@echo "make lint      ruff, mypy and clang-format alone"
	@echo "make format    bring Python and C++ sources into form"
	@echo "make wheel-check   build a wheel and try it in an environment of its own"
	@echo "make clean     remove what the other targets made"

conform: $(VENV)/.installed
	$(BIN)/dred conform --adapter native --report report.json --report report.html

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/python -m pytest -q conformance/tests/project

format: $(VENV)/.installed-test
	$(BIN)/ruff format reference native conformance
	$(BIN)/clang-format -i $$(git ls-files '*.cpp' '*.hpp' '*.c' '*.h')

# What somebody has who installed the package: no checkout, so all data must be in the wheel.
WHEEL := build/wheel-check
wheel-check: | $(VENV)/bin/python
	rm -rf $(WHEEL)
	mkdir -p $(WHEEL)/elsewhere
	$(PIP) wheel --quiet --no-deps --wheel-dir $(WHEEL) .
	$(BIN)/python -m venv $(WHEEL)/venv
	$(WHEEL)/venv/bin/python -m pip --disable-pip-version-check install --quiet $(WHEEL)/*.whl
	cd $(WHEEL)/elsewhere && for arguments in --version "vectors verify" "vectors export -o release.zip" \
	  "vectors verify release.zip" "conform --adapter native" "conform --adapter reference" \
	  "inspect 0b4102aa0000" "cite RFC6716-3.2.5-R5"; do \
	  echo "dred $$arguments"; ../venv/bin/dred $$arguments >output.txt || { cat output.txt; exit 1; }; done

clean:
	rm -rf $(VENV) build report.json report.html

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "no virtual environment could be made; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: pyproject.toml $(NATIVE) | $(VENV)/bin/python
	@echo "building and installing (a minute or two)"
	@$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml $(NATIVE) | $(VENV)/bin/python
	@echo "building and installing, with what the tests need (a few minutes)"
	@$(PIP) install --quiet --editable '.[test]'
	@touch $(VENV)/.installed $@
