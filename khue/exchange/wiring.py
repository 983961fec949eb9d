"""Everything that exchange hooks into, on one page."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from khue.exchange import actions, tasks
from khue.exchange.access import PEER_ROLE, Permission
from khue.exchange.deeds import DEEDS
from khue.exchange.events import (
    NodesChanged,
    RecordsHeld,
    RecordsReceived,
    SchoolHandedBack,
    SchoolHandedOver,
    SchoolTakenBack,
)
from khue.foundation import events, extensions, media, permissions
from khue.foundation.actor import SYSTEM
from khue.foundation.extensions import Chore, FilePurpose, MenuEntry, MenuGroup
from khue.foundation.workbooks.container import LARGEST_FILE
from khue.gradebook.events import BookLocked
from khue.identity.models import Role
from khue.registry.events import (
    GuardianRightsChanged,
    OrganisationClosed,
    OrganisationMoved,
    OrganisationsMerged,
    OrganisationSplit,
    PeopleCorrected,
    PersonCorrected,
)
from khue.schools.events import EnrolmentsClosed, PupilsEnrolled, RosterImported

permissions.grant(PEER_ROLE, [Permission.RECORD_ACCEPT, Permission.LETTER_CARRY])
permissions.grant(Role.OPERATOR, [Permission.NODE_MANAGE, Permission.RECORD_SEND, Permission.RECORD_READ])
for role in (Role.HEAD, Role.CLERK, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.RECORD_READ])
for role in (Role.OPERATOR, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.KEEPER_CHANGE])
for role in (Role.OPERATOR, Role.HEAD):
    permissions.grant(role, [Permission.KEEPER_RETURN])
for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.LETTER_WRITE])
for role in (Role.HEAD, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.RECORD_SEND])

for happened in (
    PersonCorrected, PeopleCorrected, GuardianRightsChanged, OrganisationMoved, PupilsEnrolled, EnrolmentsClosed,
    RosterImported, BookLocked,
):  # fmt: skip
    events.subscribe(happened, tasks.note_change)
events.subscribe(RecordsHeld, tasks.tell_of_held)
events.subscribe(SchoolHandedOver, tasks.tell_of_handing_over)
events.subscribe(SchoolHandedBack, tasks.tell_of_handing_back)
events.subscribe(SchoolTakenBack, tasks.tell_of_taking_back)
events.subscribe(RecordsReceived, tasks.note_schools)
events.subscribe(NodesChanged, tasks.note_nodes, gathers=True)
for moved in (OrganisationMoved, OrganisationClosed, OrganisationsMerged, OrganisationSplit):
    events.subscribe(moved, tasks.note_nodes)
extensions.chores.fill("exchange.collect", Chore(every=5, do=tasks.collect_stale_schools))
extensions.chores.fill("exchange.sweep", Chore(every=3600, do=tasks.mark_unseen_schools))
extensions.chores.fill(tasks.REPORT, Chore(every=60, do=tasks.report_in_background))
extensions.chores.fill(tasks.BELOW, Chore(every=900, do=tasks.list_schools_below))
extensions.chores.fill(tasks.MAIL, Chore(every=60, do=tasks.mail_in_background))
extensions.chores.fill("exchange.forget_letters", Chore(every=86400, do=tasks.forget_letters))
extensions.api_routers.fill("exchange", "khue.exchange.api.router")
extensions.reference_data.fill("exchange", partial(actions.load_reference, actor=SYSTEM))
for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.FACT_DECLARE])
_readers = (Role.HEAD, Role.CLERK, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER)
extensions.menu.fill(
    "exchange",
    MenuEntry(
        _("Trao đổi dữ liệu"),
        "share-2",
        "exchange:overview",
        frozenset(role.value for role in _readers),
        68,
        MenuGroup.SYSTEM,
    ),
)
# Old, protected and macro workbooks are let through so that the reader can say what is wrong with them.
extensions.file_purposes.fill(
    "exchange.vendor_sheet",
    FilePurpose(
        title=_("tệp Excel để đối chiếu"),
        allowed=frozenset({media.XLSX, media.ZIP, media.OLE, media.MACROS, media.UNKNOWN, media.TEXT, media.CSV}),
        most_bytes=LARGEST_FILE,
        may_upload=lambda actor, place: actor.may(Permission.RECORD_READ, place),
    ),
)
extensions.deeds.fill_all(DEEDS)
