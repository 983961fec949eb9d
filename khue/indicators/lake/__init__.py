"""The lake: facts in Parquet by month and province, and the indicators as expressions that several engines run.

facts come by writing.py; expressions.py says what is counted; engines.py runs it with DuckDB on one machine or with
Spark on a cluster, with the same numbers; cube.py keeps what came out. The libraries are heavy: nothing a web process
reads imports this package.
"""
