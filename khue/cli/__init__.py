"""The `khue` command of operators, and what `make` runs for developers."""
