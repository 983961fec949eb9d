"""Everything that curriculum hooks into, on one page."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from khue.curriculum import actions, queries
from khue.curriculum.access import Permission
from khue.curriculum.deeds import DEEDS
from khue.foundation.actor import SYSTEM
from khue.foundation.extensions import (
    MenuEntry,
    MenuGroup,
    PublicDoor,
    api_routers,
    deeds,
    menu,
    public_doors,
    reference_data,
    subject_words,
)
from khue.foundation.permissions import grant

for role in ("department_officer", "ministry_officer"):
    grant(role, [Permission.OUTCOMES_IMPORT])
grant("operator", [Permission.OUTCOMES_IMPORT, Permission.REFERENCE_WRITE])

subject_words.fill(queries.subject_named)
reference_data.fill("curriculum", partial(actions.load_reference_data, actor=SYSTEM))
api_routers.fill("curriculum", "khue.curriculum.api.router")
public_doors.fill(
    "curriculum.table",
    PublicDoor(
        _("Chương trình giáo dục"), _("Môn học, số tiết, yêu cầu cần đạt của từng lớp."), "book-open",
        "curriculum:table", 60,
    ),
)  # fmt: skip
menu.fill(
    "curriculum",
    MenuEntry(
        label=_("Chương trình"),
        icon="book-open-check",
        url="curriculum:table",
        roles=frozenset(
            {"subject_teacher", "homeroom_teacher", "head", "department_officer", "ministry_officer", "operator"}
        ),
        order=70,
        group=MenuGroup.TEACHING,
    ),
)
deeds.fill_all(DEEDS)
