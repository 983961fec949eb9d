"""From decided years into the next year's classes."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.gradebook.access import Permission
from khue.gradebook.queries.moving_up import moving_up
from khue.schools import actions as schools
from khue.schools.actions import Move, MovedUp
from khue.schools.models import SchoolYear


class NobodyToMove(Refusal):
    code = "nobody_to_move"
    message = _("Chưa có học sinh nào để chuyển: hãy duyệt kết quả cả năm của các lớp trước.")


@transaction.atomic
def move_up(
    *, actor: Actor, school_year: SchoolYear, next_year: SchoolYear, names: Mapping[int, str] | None = None
) -> MovedUp:
    """Give everybody whose year is decided a place in the next year; the others keep theirs until they are.

    Who moves up goes with the class, who repeats joins the class that bears this one's name a year later, and who has
    finished the school's last grade leaves. Doing it again moves only who was decided meanwhile.

    names    what a class is called a year later, by class id, where that is not the usual name
    refuses  NobodyToMove; what schools.move_up refuses
    source   TT 22/2021/TT-BGDĐT, Điều 12; TT 27/2020/TT-BGDĐT, Điều 11
    """
    require(actor, Permission.YEAR_DECIDE, within=school_year)

    moves = []
    for one in moving_up(actor, school_year):
        old = one.school_class
        name = nfc((names or {}).get(old.id, "")).strip() or one.name
        up = Move(one.up, old.grade + 1, name, old.campus_id) if one.name else Move(one.up)
        moves += [up, Move(one.stays, old.grade, old.name, old.campus_id)]
    if not any(move.enrolment_ids for move in moves):
        raise NobodyToMove
    done = schools.move_up(actor=actor, school_year=school_year, next_year=next_year, moves=moves)
    audit.record(actor, "year.moved_up", school_year, into=next_year.id, moved=done.moved, finished=done.finished)
    return done
