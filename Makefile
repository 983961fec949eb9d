# The two commands of a fresh machine are `make run` and `make test`. CONTRIBUTING.md explains the others.
.POSIX:
.PHONY: run test check messages bench demo product tests

# Many containers forbid Python to keep what it compiled; then each of a node's processes compiles 1,600 modules anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON_HERE = .venv/bin/python
DURING = $(PYTHON_HERE) -m khue.foundation.postgres during

# Serve Khuê at http://localhost:8000. Ctrl-C stops everything it started.
run: product
	@exec $(PYTHON_HERE) -m khue.cli serve

# The whole suite, or a part of it: make test ARGS="khue/gradebook -k rounding"
# Four processes: much of the suite waits for servers and browsers. A module stays in one, so that it starts its own once.
# On a database server of its own in the machine's memory, so that no test meets the node's data (docs/decisions/0270).
test: tests
	@KHUE_VAR="$$PWD/var/test" KHUE_PG_VOLATILE=1 exec $(DURING) $(PYTHON_HERE) -m pytest -n 4 --dist loadscope --no-loadscope-reorder $(ARGS)

# Format, lint, types, import contracts, templates, migrations, catalogues.
check: tests
	@exec $(PYTHON_HERE) -m khue.cli.quality

# Collect new texts into the English catalogues, then compile them.
messages: tests
	@$(PYTHON_HERE) -m khue.cli.messages update
	@$(PYTHON_HERE) -m khue.cli.messages compile

# All budgets, or one: make bench NAME=mark_grid
bench: tests
	@exec $(DURING) $(PYTHON_HERE) -m bench $(NAME)

# Load the demonstration province into this node's database: make demo ARGS="--scale 10"
demo: product
	@exec $(PYTHON_HERE) -m khue.cli demo $(ARGS)

product:
	@ops/environment product

tests:
	@ops/environment tests
