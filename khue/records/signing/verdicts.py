"""What a file can be worth, the graver first."""

from collections.abc import Sequence
from enum import StrEnum

#: The largest document that is judged. Here, because forms say it too and must not load what judges.
MOST_BYTES_OF_ONE = 20 * 1024 * 1024


class Verdict(StrEnum):
    """What is wrong; VALID and REVOKED_LATER are good."""

    NOT_OURS = "not_ours"  # no transcript of this form at all
    CHANGED = "changed"  # some byte is not what was signed
    MISSING_PAGE = "missing_page"  # the PDF has fewer pages than were sealed
    INCOMPLETE = "incomplete"  # a signature, the seal, the evidence or a file of the package is not there
    UNTRUSTED = "untrusted"  # signed by a certificate that no trusted root stands above
    REVOKED_BEFORE = "revoked_before"  # the certificate had been revoked when it signed
    SUPERSEDED = "superseded"  # genuine, but a corrected version has taken its place
    REVOKED_LATER = "revoked_later"  # valid: the certificate was revoked after it signed
    VALID = "valid"

    @property
    def is_good(self) -> bool:
        return self in (Verdict.VALID, Verdict.REVOKED_LATER)


GRAVEST = tuple(Verdict)


def gravest(verdicts: Sequence[Verdict]) -> Verdict:
    """The gravest of several; VALID of none."""
    return min(verdicts, key=GRAVEST.index, default=Verdict.VALID)
