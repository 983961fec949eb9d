"""A sheet on paper: what the form prints of a content, and which parts of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from khue.foundation import paper
from khue.foundation.clock import VIETNAM
from khue.records.content import Content
from khue.records.results import Result
from khue.records.sharing import Part
from khue.registry.queries import ethnicity_name

#: What the form calls who signed.
AS = {"homeroom": "Giáo viên chủ nhiệm", "head": "Hiệu trưởng", "seal": "Nhà trường"}
_WORDS = {"D": "Đ", "CD": "CĐ"}


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as what, and when by the time stamp ("20/05/2027 14:03"); "" where the stamp is still to come."""

    role: str
    name: str
    at: str = ""


def signer(role: str, name: str, at: datetime | None) -> Signer:
    """A signer as the form prints it."""
    return Signer(AS[role], name, f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if at else "")


def html_of(
    content: Content, signers: Sequence[Signer], *, parts: Collection[Part] = tuple(Part), extract: bool = False
) -> str:
    """The form as HTML, to be printed. parts: what it shows."""
    return paper.html(
        "records/paper/transcript.html",
        {
            "sheet": content, "signers": signers, "parts": {str(part) for part in parts}, "extract": extract,
            "shown": shown, "birth": "/".join(reversed(content.pupil.birth.split("-"))),
            "ethnicity": ethnicity_name(content.pupil.ethnicity) if content.pupil.ethnicity else "",
        },
    )  # fmt: skip


def html_of_result(result: Result, signer: str) -> str:
    """The document of a result as HTML, to be printed. signer: whom the certificate of its seal names."""
    return paper.html("records/paper/result.html", {"result": result, "signer": signer})


def shown(value: str) -> str:
    """A result as people write it: 8.5 with a comma, D as Đ."""
    return _WORDS.get(value, value.replace(".", ","))
