"""The words of a move as they travel, and how a person is put into them. JSON, read into structs.

A side sends everything it has to say each time: the other takes what is new to it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec

from khue.moves.protocol import Heard, Side, State, is_sound
from khue.registry.queries import PartialDate, PersonDetails

#: Bytes of one piece of a package; a word's list of guardians and pieces is short.
PIECE = 1024 * 1024
MOST_GUARDIANS = 12
#: Bytes of a package, as `records` keeps them of other schools.
MOST_BYTES = 20 * 1024 * 1024
LONGEST_LINE = 500
Line = Annotated[str, msgspec.Meta(max_length=LONGEST_LINE)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=35)]
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class UnreadableWord(Exception):
    """The content of a letter is not a word of a move. The text is for the log."""


class Human(msgspec.Struct, frozen=True):
    """A person's file as it goes to another school. Codes of places and papers of this node stay here."""

    full_name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    other_name: Line = ""
    sex: Annotated[str, msgspec.Meta(pattern="^[012]$")] = "0"
    birth_year: Annotated[int, msgspec.Meta(ge=1900, le=2100)] | None = None
    birth_month: Annotated[int, msgspec.Meta(ge=1, le=12)] | None = None
    birth_day: Annotated[int, msgspec.Meta(ge=1, le=31)] | None = None
    birthplace: Line = ""
    national_id: Annotated[str, msgspec.Meta(max_length=12)] = ""
    moet_code: Annotated[str, msgspec.Meta(max_length=20)] = ""
    foreign_paper: Line = ""
    ethnicity: Annotated[str, msgspec.Meta(max_length=3)] = ""
    nationality: Annotated[str, msgspec.Meta(max_length=2)] = "VN"
    address: Line = ""
    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""
    email: Annotated[str, msgspec.Meta(max_length=200)] = ""
    occupation: Line = ""
    is_disabled: bool = False
    is_poor_household: bool = False


class Guardian(msgspec.Struct, frozen=True):
    """An adult's rights over the pupil; a court's bar goes along, and holds at the new school from the first day.

    court_decision  number and date of the decision, where one bars the adult; sealed like all else on its way
    """

    person: Human
    relationship: Annotated[str, msgspec.Meta(pattern="^(father|mother|other)$")]
    receives_messages: bool
    may_decide: bool
    is_barred: bool
    court_decision: Line = ""


class Package(msgspec.Struct, frozen=True):
    """The whole record under way: SHA-256, bytes, in how many pieces."""

    digest: Digest
    size: Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES)]
    pieces: Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES // PIECE)]


class Ask(msgspec.Struct, frozen=True):
    """What the receiving school asks. number: national or sector number of the pupil, as the family gave it.

    proof  its node's seal over all of it (proofs.py); both sides send the ask with each word
    """

    school_code: Code
    school_name: Line
    other_code: Code
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    subject_name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    born_on: date
    applicant_name: Line
    phone: Line
    why: Line
    code: Line
    proof: Line = ""


class Release(msgspec.Struct, frozen=True):
    """What the school that is left says: from which day the place is the other's, and whose file it is."""

    on: date
    pupil: UUID
    file: Human
    grade: Annotated[int, msgspec.Meta(ge=0, le=13)]
    school_class: Line
    guardians: Annotated[list[Guardian], msgspec.Meta(max_length=MOST_GUARDIANS)]
    package: Package | None


class Word(msgspec.Struct, frozen=True):
    """Everything one side says. The receiving side: what it has of the package, and from when the pupil is there.

    has     pieces that arrived; record: as Move.record
    pupil   the file's id at the school that is left, so that it knows it again whatever it has lost
    """

    side: Side
    state: State
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 10)]
    heard: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 10)]
    wants: bool
    ask: Ask | None = None
    release: Release | None = None
    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    has: Annotated[list[int], msgspec.Meta(max_length=64)] = []
    record: Annotated[str, msgspec.Meta(max_length=6)] = ""
    record_problem: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    begun_on: date | None = None
    pupil: UUID | None = None

    def spoken(self) -> Heard:
        """What the protocol needs of it."""
        return Heard(self.side, self.state, self.version, self.heard, self.wants)


def written(word: Word) -> bytes:
    """The bytes of a word."""
    return msgspec.json.encode(word)


def read(content: bytes) -> Word:
    """The word in a letter. Raises UnreadableWord."""
    try:
        word = msgspec.json.decode(content, type=Word)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnreadableWord(str(error)) from error
    needs_ask = word.side == Side.RECEIVING and word.ask is None
    needs_release = word.state == State.RELEASED and word.release is None
    if not is_sound(word.spoken()) or needs_ask or needs_release or b"\\u0000" in content:
        raise UnreadableWord("a side says what it cannot say")
    return word


def kept(told: Ask | Release) -> dict[str, Any]:
    """As a table keeps it."""
    found: dict[str, Any] = msgspec.to_builtins(told)
    return found


def ask_in(row: Mapping[str, Any]) -> Ask:
    """What a row keeps."""
    return msgspec.convert(row, Ask)


def release_in(row: Mapping[str, Any]) -> Release | None:
    """What a row keeps; None before it was said."""
    return msgspec.convert(row, Release) if row else None


_SAME = tuple(name for name in Human.__struct_fields__ if not name.startswith("birth_"))


def human(details: PersonDetails) -> Human:
    """A person's file as it travels."""
    same = {name: getattr(details, name) for name in _SAME}
    birth = details.birth
    return Human(**same, birth_year=birth.year, birth_month=birth.month, birth_day=birth.day)


def details(told: Human) -> PersonDetails:
    """The same as the registry takes it."""
    same = {name: getattr(told, name) for name in _SAME}
    return PersonDetails(**same, birth=PartialDate(told.birth_year, told.birth_month, told.birth_day))
