# make run            serves Cotorra on http://127.0.0.1:8000 (PORT=8001 for another port)
# make run HTTPS=1    serves the home network, for phones, on https port 8443
# make test           installs what the tests need and runs them all
# make bench          measures speed
# make messages       brings the catalogues in locale/ up to date with the texts (needs gettext)
# make lock           pins the newest versions that requirements/*.in allow (make lock UPGRADE=1)

SHELL := /bin/bash
PY := .venv/bin/python
MESSAGES := --no-wrap --no-obsolete --add-location file -i var -i tests
# A second start is quick because the first one left its bytecode.
export PYTHONDONTWRITEBYTECODE :=
export HTTPS
export PYTHON
export TORCH_INDEX_URL

.PHONY: run test bench lock messages
.DEFAULT_GOAL := run

run:
	@requirements/install web torch engine
	@exec $(PY) manage.py serve --prepare $(if $(PORT),--port $(PORT))

test:
	requirements/system
	requirements/install web torch engine dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	VAR_DIR=var/check HTTPS=1 HSTS_SECONDS=3600 $(PY) manage.py check --deploy --fail-level WARNING
	.venv/bin/pytest
	$(PY) -m tests.servers .venv/bin/pytest -m both_databases

bench:
	requirements/install web torch engine dev
	$(PY) -m tests.bench

lock:
	requirements/lock $(if $(UPGRADE),--upgrade)

messages:
	$(PY) manage.py makemessages -l en $(MESSAGES)
	$(PY) manage.py makemessages -d djangojs -l en $(MESSAGES)
	$(PY) manage.py compilemessages -l en -l es_MX -i .venv
