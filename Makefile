# One word for each thing done often. The README's two commands need none of this.
PYTHON := .venv/bin/python

.PHONY: setup demo test check lock docs pictures
setup:
	python3 -m venv .venv
	.venv/bin/pip install --require-hashes -r requirements-dev.txt
	.venv/bin/pip install --no-deps --no-build-isolation -e .
	$(PYTHON) -m compileall -q connectors reports auditor

demo:
	.venv/bin/auditor demo

test:
	$(PYTHON) -m pytest

check:
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) -m pytest

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --extra build pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --extra build --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

docs:
	$(PYTHON) docs/make_rules.py

# A hold and decisions, so that the sheets that tell of them have something to show.
pictures: demo
	.venv/bin/auditor --config demo/schedule.toml hold add "Request of 20 November" --query "dog OR hedge"
	PYTHONPATH=. $(PYTHON) benchmarks/decide.py demo/out/Audit\ *.xlsx
	.venv/bin/auditor --config demo/schedule.toml report
	$(PYTHON) benchmarks/pictures.py "$$(ls -t demo/out/Audit\ 20*.xlsx | head -1)"
