"""Consent sheets: how each stands, who signed what, and whether the seals are whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.messaging.announcements_seen import Reach, copies_followed, own_copies
from khue.messaging.consent_seals import Sealed, hash_of, is_whole
from khue.messaging.consent_standing import Signed, Standing, latest, settles, standing
from khue.messaging.models import (
    Announcement,
    AnnouncementClass,
    AnnouncementCopy,
    ConsentRuling,
    ConsentSheet,
    ConsentSignature,
)
from khue.messaging.queries.announcements import guardians_who_decide
from khue.registry.queries import GuardianRights

STANDINGS = tuple(Standing)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature as it is printed.

    counts    the last word of somebody who may decide today
    is_whole  its seal is the one of exactly this content, and of the wording of the sheet
    """

    row: ConsentSignature
    counts: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class CopyStanding:
    """How a sheet stands for one child.

    ruling      the school's latest decision; is_settled: nobody has signed anything since
    deciders    the guardians who may decide today
    """

    copy: AnnouncementCopy
    class_name: str
    standing: Standing
    signatures: Sequence[SignatureLine]
    ruling: ConsentRuling | None
    is_settled: bool
    deciders: Sequence[GuardianRights]

    @property
    def missing(self) -> list[GuardianRights]:
        """The guardians who may decide and have not signed."""
        signed = {line.row.guardian_id for line in self.signatures}
        return [right for right in self.deciders if right.guardian_id not in signed]


def standings_of(sheet: ConsentSheet, reach: Reach) -> list[CopyStanding]:
    """How it stands for every child the actor follows, by class and name. Five queries."""
    rows = AnnouncementCopy.objects.filter(copies_followed(reach, sheet.announcement)).select_related("child")
    return _standings(sheet, list(rows.order_by("class_id", "child__sort_key", "id")))


def standing_of(actor: Actor, sheet: ConsentSheet, reach: Reach, copy_id: UUID) -> CopyStanding:
    """How it stands for one child: staff reads those it follows, a family its own. Raises NotFound. Five queries."""
    rule = own_copies(actor)
    if reach.is_staff:
        rule |= copies_followed(reach, sheet.announcement)
    rows = AnnouncementCopy.objects.filter(rule, announcement=sheet.announcement_id)
    return _standings(sheet, [one(rows.select_related("child"), public_id=copy_id)])[0]


def sheet_of(announcement: Announcement) -> ConsentSheet:
    """The sheet of an announcement that asks for consent. Raises NotFound for any other."""
    sheet: ConsentSheet | None = getattr(announcement, "sheet", None)
    if sheet is None:
        raise NotFound
    return sheet


def _standings(sheet: ConsentSheet, copies: Sequence[AnnouncementCopy]) -> list[CopyStanding]:
    names = dict(
        AnnouncementClass.objects.filter(announcement=sheet.announcement_id).values_list("class_id", "class_name")
    )
    signed: dict[int, list[ConsentSignature]] = defaultdict(list)
    rows = ConsentSignature.objects.filter(copy__in=copies).select_related("guardian", "copy", "ledger")
    for row in rows.order_by("id"):
        signed[row.copy_id].append(row)
    rulings = {row.copy_id: row for row in ConsentRuling.objects.filter(copy__in=copies).order_by("id")}
    deciders = guardians_who_decide([copy.child_id for copy in copies])
    return [
        _standing(
            sheet, copy, names.get(copy.class_id, ""), signed[copy.id], rulings.get(copy.id),
            deciders.get(copy.child_id, []),
        )
        for copy in copies
    ]  # fmt: skip


def _standing(
    sheet: ConsentSheet, copy: AnnouncementCopy, class_name: str, rows: Sequence[ConsentSignature],
    ruling: ConsentRuling | None, deciders: Sequence[GuardianRights],
) -> CopyStanding:  # fmt: skip
    words = [Signed(row.guardian_id, _word(row), bool(row.conditions), row.signed_at) for row in rows]
    may = {right.guardian_id for right in deciders}
    last = latest(words, may)
    return CopyStanding(
        copy=copy,
        class_name=class_name,
        standing=standing(words, may),
        signatures=[
            SignatureLine(row, counts=last.get(row.guardian_id) is word, is_whole=_is_whole(sheet, row))
            for row, word in zip(rows, words, strict=True)
        ],
        ruling=ruling,
        is_settled=settles(ruling.ruled_at if ruling else None, words),
        deciders=deciders,
    )


def _word(row: ConsentSignature) -> str:
    """What the signature says today: a yes that was taken back in identity's ledger is taken back here too."""
    is_back = row.decision == ConsentSignature.Decision.YES and row.ledger is not None and row.ledger.withdrawn_at
    return ConsentSignature.Decision.WITHDRAWN if is_back else row.decision


def _is_whole(sheet: ConsentSheet, row: ConsentSignature) -> bool:
    sealed = Sealed(
        sheet=str(sheet.public_id), child_id=row.copy.child_id, guardian_id=row.guardian_id,
        relationship=row.relationship, decision=row.decision, conditions=row.conditions,
        wording_hash=row.wording_hash, proved_by=row.proved_by, signed_at=row.signed_at,
    )  # fmt: skip
    return hash_of(sheet.wording) == row.wording_hash and is_whole(sealed, row.seal)
