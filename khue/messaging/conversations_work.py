"""What the worker does about conversations: seals them again after a key was renewed, forgets what is too old."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from khue.foundation import clock, files, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.work import Work
from khue.messaging import actions, queries
from khue.messaging.retention import kept_from

LINES_AT_ONCE = 500


def reseal(work: Work) -> None:
    """Seal lines and keys of files of a school with its newest key, some at a step; then drop keys that hold nothing.

    A killed worker goes on behind its last step. What is written meanwhile under the old key is found by a second look.
    Files that lie open, because they were stored before files were sealed, are sealed first.
    """
    organisation_id = work.job.organisation_id or 0
    _seal_open_files(work, organisation_id)
    done = dropped = total = 0
    while True:
        with work.step():
            newest = queries.current_key(organisation_id)
            if newest is None:
                break
            total = total or queries.lines_to_seal_again(organisation_id, newest, after=0).count()
            rows = queries.lines_to_seal_again(organisation_id, newest, after=int(work.position or 0))
            lines = list(rows.select_for_update(of=("self",))[:LINES_AT_ONCE])
            held = queries.file_keys_to_wrap_again(organisation_id, newest)
            file_keys = list(held.select_for_update(of=("self",))[:LINES_AT_ONCE])
            if not lines and not file_keys and work.position is None:
                dropped = actions.drop_old_keys(actor=work.actor, newest=newest)
                break
            actions.seal_again(actor=work.actor, lines=lines, file_keys=file_keys, newest=newest)
            work.position = lines[-1].id if lines else None  # from the beginning once more, until nothing is found
        done += len(lines)
        work.progress(done=done, total=max(done, total))
    work.finish(summary=_("Đã mã hoá lại %(lines)s tin nhắn bằng khoá mới, huỷ %(keys)s khoá cũ.") % {
        "lines": done, "keys": dropped,
    })  # fmt: skip


def _seal_open_files(work: Work, organisation_id: int) -> None:
    """One file at a step. One whose content is missing stays as it is: `khue check storage` tells of it."""
    after = 0
    while True:
        with work.step():
            file = files.lying_open(queries.LINE_FILE, organisation_id, after=after)
            if file is None:
                return
            after = file.id
            if files.path_of(file.sha256).exists():
                actions.seal_file(actor=work.actor, file=file, at=clock.now())


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
