"""Announcements, surveys and consent sheets of the small world, as its teacher makes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from khue.identity.models import Account, Password
from khue.identity.tests.browsing import KEPT
from khue.messaging import actions
from khue.messaging.actions import Draft, QuestionDraft, SheetDraft, Signing
from khue.messaging.models import Announcement, AnnouncementCopy, ConsentSheet, ConsentSignature, Survey
from khue.registry.models import Guardianship, Person
from tests.world import NOON, YEAR_START, School, account, actor, person

DUE = NOON + timedelta(days=3)


def draft(at: School, **changes: object) -> Draft:
    given = {"key": uuid4(), "subject": "Họp phụ huynh", "body": "8 giờ Chủ nhật, phòng 6A.",
             "class_ids": [at.school_class.id], **changes}  # fmt: skip
    return Draft(**given)


def announced(at: School, by: Account | None = None, when: datetime = NOON, **changes: object) -> Announcement:
    return actions.announce(actor=actor(by or at.teacher), draft=draft(at, **changes), files=[], at=when)


def begun_survey(
    at: School, questions: Sequence[QuestionDraft] = (), *, by: Account | None = None, is_anonymous: bool = False,
    by_child: bool = True, **changes: object,
) -> Survey:  # fmt: skip
    given = {"subject": "Khảo sát bữa ăn", "body": "", "asks": "survey", "due_at": DUE, **changes}
    author = actor(by or at.teacher)
    made = actions.write_survey(
        actor=author, draft=draft(at, **given), files=[], by_child=by_child, is_anonymous=is_anonymous, at=NOON
    )
    for question in questions or MEALS:
        actions.add_question(actor=author, survey=made, question=question)
    return made


MEALS = (
    QuestionDraft("one", "Bữa ăn thế nào?", choices=("Ngon", "Vừa", "Chưa ngon")),
    QuestionDraft("several", "Nên thêm món gì?", is_required=False, choices=("Cá", "Rau", "Trái cây")),
    QuestionDraft("scale", "Mức hài lòng"),
    QuestionDraft("number", "Số bữa một tuần", least=0, most=7),
    QuestionDraft("date", "Bắt đầu ăn từ ngày", is_required=False),
    QuestionDraft("text", "Ý kiến khác", is_required=False),
)


def asked_survey(at: School, **given: object) -> Survey:
    made = begun_survey(at, **given)
    actions.tell_survey(actor=actor(made_by(made)), survey=made, at=NOON)
    return made


def made_by(survey: Survey) -> Account:
    return Account.objects.get(id=survey.announcement.made_by_id)


def asked_sheet(at: School, by: Account | None = None, kind: str = "trip", **given: object) -> ConsentSheet:
    sheet = SheetDraft(kind, bool(given.pop("takes_conditions", True)), str(given.pop("purpose", "")))
    given = {"subject": "Tham quan Gáo Giồng", "body": "Ngày 12/12, xe đón tại trường.", "asks": "consent", **given}
    author = actor(by or at.teacher)
    made = actions.write_sheet(actor=author, draft=draft(at, due_at=DUE, **given), sheet=sheet, files=[], at=NOON)
    actions.tell_sheet(actor=author, sheet=made, at=NOON)
    return ConsentSheet.objects.select_related("announcement").get(id=made.id)


def copy_for(of: Account | Person, announcement: Announcement, side: str = "family") -> AnnouncementCopy:
    person_id = of.id if isinstance(of, Person) else of.person_id
    return AnnouncementCopy.objects.get(announcement=announcement, person_id=person_id, side=side)


def with_password(*accounts: Account) -> None:
    Password.objects.bulk_create(Password(account=one, hash=KEPT, set_at=NOON) for one in accounts)


def second_guardian(at: School, number: int = 0, **rights: object) -> Account:
    """Another guardian of one of the pupils, with an account."""
    other = person(f"Phụ huynh hai {number}", at.organisation, "guardian", email=f"second{number}@example.vn")
    Guardianship.objects.create(
        organisation=at.organisation, child_id=at.pupils[number].person_id, guardian=other, relationship="father",
        valid_from=YEAR_START, **rights,
    )  # fmt: skip
    return account(other, "guardian", at.organisation)


def signed(
    by: Account, copy: AnnouncementCopy, decision: str = "yes", at: datetime = NOON, **changes: object
) -> ConsentSignature:
    sheet = ConsentSheet.objects.get(announcement_id=copy.announcement_id)
    given = {"decision": decision, "wording_hash": sheet.wording_hash, "password": "lúa chín vàng đồng", **changes}
    return actions.sign_sheet(actor=actor(by), copy=copy, signing=Signing(**given), at=at)
