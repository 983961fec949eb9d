"""Debian's Pango for tests that print: there, or loudly missed, or - with KHUE_REQUIRE_BROWSER=1 - a failure."""

import os

import pytest

from khue.foundation import paper
from khue.foundation.paper import press as program

ABSENT = f"no Pango on this machine (Debian: apt install {program.PACKAGES})"


@pytest.fixture(scope="session")
def press() -> None:
    """For tests that make PDF files."""
    try:
        paper.pdf("<p>")
    except paper.PressMissing:
        if os.environ.get("KHUE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"KHUE_REQUIRE_BROWSER is set, but there is {ABSENT}")
        pytest.skip(ABSENT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tried."""
    missed = [r for r in terminalreporter.stats.get("skipped", []) if ABSENT in str(r.longrepr)]
    if missed:
        terminalreporter.section("TESTS OF PRINTED FORMS WERE NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(missed)} tests were skipped: {ABSENT}.")
