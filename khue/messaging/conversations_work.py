"""What the worker does about conversations: seals them again after a key was renewed, forgets what is too old."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.work import Work
from khue.messaging import actions, queries
from khue.messaging.retention import kept_from

LINES_AT_ONCE = 500


def reseal(work: Work) -> None:
    """Seal every line of a school with its newest key, some at a step; then drop the keys that hold nothing.

    A killed worker goes on behind its last step. Lines written meanwhile under the old key are found by a second look.
    """
    organisation_id = work.job.organisation_id or 0
    done = dropped = total = 0
    while True:
        with work.step():
            newest = queries.current_key(organisation_id)
            if newest is None:
                break
            total = total or queries.lines_to_seal_again(organisation_id, newest, after=0).count()
            rows = queries.lines_to_seal_again(organisation_id, newest, after=int(work.position or 0))
            lines = list(rows.select_for_update(of=("self",))[:LINES_AT_ONCE])
            if not lines and work.position is None:
                dropped = actions.drop_old_keys(actor=work.actor, newest=newest)
                break
            actions.seal_again(actor=work.actor, lines=lines, newest=newest)
            work.position = lines[-1].id if lines else None  # from the beginning once more, until nothing is found
        done += len(lines)
        work.progress(done=done, total=max(done, total))
    work.finish(summary=_("Đã mã hoá lại %(lines)s tin nhắn bằng khoá mới, huỷ %(keys)s khoá cũ.") % {
        "lines": done, "keys": dropped,
    })  # fmt: skip


def forget_old() -> None:
    """Delete what schools have decided not to keep, a school and some thousand lines at a time."""
    with scope.of(SYSTEM):
        schools = queries.retention_by_school(clock.today())
    for organisation_id, months in schools.items():
        before = datetime.combine(kept_from(clock.today(), months), datetime.min.time(), clock.VIETNAM).astimezone(UTC)
        while True:
            with scope.of_organisation(organisation_id):
                forgotten = actions.forget_lines(
                    actor=SYSTEM, organisation_id=organisation_id, before=before, most=LINES_AT_ONCE
                )  # fmt: skip
            if forgotten < LINES_AT_ONCE:
                break
