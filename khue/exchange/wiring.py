"""Everything that exchange hooks into, on one page."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from khue.exchange import actions, tasks
from khue.exchange.access import PEER_ROLE, Permission
from khue.exchange.deeds import DEEDS
from khue.exchange.events import RecordsHeld
from khue.foundation import events, extensions, permissions
from khue.foundation.actor import SYSTEM
from khue.foundation.extensions import Chore, MenuEntry
from khue.gradebook.events import BookLocked
from khue.identity.models import Role
from khue.registry.events import GuardianRightsChanged, OrganisationMoved, PeopleCorrected, PersonCorrected
from khue.schools.events import EnrolmentsClosed, PupilsEnrolled, RosterImported

permissions.grant(PEER_ROLE, [Permission.RECORD_ACCEPT])
permissions.grant(Role.OPERATOR, [Permission.NODE_MANAGE, Permission.RECORD_SEND, Permission.RECORD_READ])
for role in (Role.HEAD, Role.CLERK, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.RECORD_READ])
for role in (Role.HEAD, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.RECORD_SEND])

for happened in (
    PersonCorrected, PeopleCorrected, GuardianRightsChanged, OrganisationMoved, PupilsEnrolled, EnrolmentsClosed,
    RosterImported, BookLocked,
):  # fmt: skip
    events.subscribe(happened, tasks.note_change)
events.subscribe(RecordsHeld, tasks.tell_of_held)
extensions.chores.fill("exchange.collect", Chore(every=5, do=tasks.collect_stale_schools))
extensions.chores.fill("exchange.sweep", Chore(every=3600, do=tasks.mark_unseen_schools))
extensions.chores.fill("exchange.report", Chore(every=60, do=tasks.report_in_background))
extensions.api_routers.fill("exchange", "khue.exchange.api.router")
extensions.reference_data.fill("exchange", partial(actions.load_reference, actor=SYSTEM))
for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.FACT_DECLARE])
_readers = (Role.HEAD, Role.CLERK, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER)
extensions.menu.fill(
    "exchange",
    MenuEntry(_("Trao đổi dữ liệu"), "share-2", "exchange:overview", frozenset(role.value for role in _readers), 68),
)
extensions.deeds.fill_all(DEEDS)
