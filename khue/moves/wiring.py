"""Everything that moves hook into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.exchange.extensions import letter_reader, under_way
from khue.foundation import events, extensions, files, media, permissions
from khue.foundation.extensions import Chore, FilePurpose
from khue.identity.models import Role
from khue.moves import actions, acts, queries, tasks
from khue.moves.access import Permission
from khue.moves.deeds import DEEDS
from khue.moves.events import MoveHeard, MoveRebuilt, RecordArrived
from khue.procedures.events import SupplementAsked

permissions.grant(Role.HEAD, [Permission.MOVE_ASK, Permission.MOVE_RELEASE])
permissions.grant(Role.CLERK, [Permission.MOVE_RELEASE])

acts.offer()
letter_reader.fill(tasks.read_letter)
under_way.fill("moves", queries.unfinished_moves)
events.subscribe(MoveHeard, tasks.tell_of_move)
events.subscribe(MoveRebuilt, tasks.tell_of_rebuilt)
events.subscribe(RecordArrived, tasks.tell_of_record)
events.subscribe(SupplementAsked, tasks.answer_supplement)
extensions.chores.fill("moves.keep_moving", Chore(every=60, do=tasks.keep_moving))
extensions.deeds.fill_all(DEEDS)
extensions.file_purposes.fill(
    actions.PACKAGE,
    FilePurpose(
        title=_("hồ sơ chuyển trường"),
        allowed=frozenset({media.ZIP}),
        most_bytes=20 * files.MEGABYTE,
        may_upload=lambda _actor, _place: False,
    ),
)
extensions.file_readers.fill(actions.PACKAGE, lambda _actor, _file: False)
