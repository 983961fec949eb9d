"""What the processes of tests are forked from: the product, loaded once, as `khue serve` loads it and forks its own.

Imported by name in the fork server of `tests.warm`. It opens no connection and no thread.
"""

from khue.cli import processes
from tests.journeys.moved_clock import sitecustomize  # noqa: F401  first: clocks are moved for who asks for that

processes.preload()
