"""How the two servers of a node are started. `khue serve` uses this; so does whoever writes a unit file."""

#: What granian needs to run khue.asgi:application. It takes one place of --backpressure for every open connection, and
#: its default of 1,024 leaves the 1,025th listener of the live door hanging without a word.
FRONT_FLAGS = (
    "--interface", "asgi", "--loop", "uvloop", "--http", "1", "--no-ws",
    "--workers", "1", "--backlog", "4096", "--backpressure", "20000",
    "--workers-kill-timeout", "5", "--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "warning",
)  # fmt: skip

#: What granian needs to run khue.wsgi:application behind the front, beside --workers and --uds or --port. Idle
#: connections of the front hold places too, so there are many more of them than threads.
PAGES_FLAGS = (
    "--interface", "wsgi", "--http", "1", "--no-ws",
    "--blocking-threads", "2", "--backlog", "4096", "--backpressure", "2000",
    "--workers-kill-timeout", "20", "--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "warning",
)  # fmt: skip
