"""Consent sheets: who may sign, what is kept as proof, taking back, disagreeing, and the ledger of personal data."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from khue.foundation import audit_chain, clock, scope
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity import actions as identity
from khue.identity import queries as identities
from khue.identity.actions import TextHasChanged, WrongCode, WrongPassword
from khue.identity.models import Account, AuthenticatorApp, Consent
from khue.identity.sealing import seal
from khue.identity.tests.browsing import SECRET
from khue.messaging import actions, queries
from khue.messaging.actions import (
    NoSuchPurpose,
    NothingDecided,
    NothingToWithdraw,
    ReasonMissing,
    SheetIsOver,
    WordingHasChanged,
)
from khue.messaging.consent_standing import Standing
from khue.messaging.models import AnnouncementCopy, ConsentRuling, ConsentSheet, ConsentSignature
from khue.messaging.tests.classes import DUE, asked_sheet, copy_for, second_guardian, signed, with_password
from khue.registry.models import Guardianship
from tests.world import NOON, TODAY, World, actor

ClientOf = Callable[[Account], Client]
LATER = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def mother(world: World) -> Account:
    with_password(world.here.guardians[0])
    return world.here.guardians[0]


@pytest.fixture
def father(world: World) -> Account:
    made = second_guardian(world.here)
    with_password(made)
    return made


def standing(world: World, sheet: ConsentSheet, number: int = 0) -> queries.CopyStanding:
    found, reach = queries.followed_announcement(actor(world.here.teacher), sheet.announcement.public_id)
    return queries.standings_of(found.sheet, reach)[number]


def test_a_signature_keeps_what_proves_it(world: World, mother: Account) -> None:
    sheet = asked_sheet(world.here)
    copy = copy_for(world.here.pupils[0], sheet.announcement)

    made = signed(mother, copy, conditions="Xe đón tại cổng trường")

    assert sheet.wording_hash == hashlib.sha256(sheet.wording.encode()).hexdigest()
    assert "Ngày 12/12, xe đón tại trường." in sheet.wording
    assert (made.guardian_id, made.relationship, made.decision, made.proved_by, made.signed_at) == (
        mother.person_id, "mother", "yes", "password", NOON,
    )  # fmt: skip
    row = AuditRow.objects.get(verb="consent_sheet.signed")
    assert (row.person_id, row.details["seal"], row.details["wording_hash"]) == (
        mother.person_id, made.seal, sheet.wording_hash,
    )  # fmt: skip
    found = standing(world, sheet)
    assert (found.standing, [line.is_whole for line in found.signatures]) == (Standing.CONDITIONAL, [True])
    assert audit_chain.seal() > 0
    assert audit_chain.verify() == []


def test_nobody_changes_or_removes_a_signature(world: World, mother: Account) -> None:
    sheet = asked_sheet(world.here)
    signed(mother, copy_for(world.here.pupils[0], sheet.announcement))
    for change in (
        lambda: ConsentSignature.objects.update(decision="no"),
        lambda: ConsentSignature.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            change()

    assert ConsentSignature.objects.get().decision == "yes"


def test_a_wording_changed_behind_our_back_breaks_the_seal(world: World, mother: Account) -> None:
    sheet = asked_sheet(world.here)
    signed(mother, copy_for(world.here.pupils[0], sheet.announcement))

    ConsentSheet.objects.update(wording="Thu 5.000.000 đồng")

    assert [line.is_whole for line in standing(world, sheet).signatures] == [False]


def test_without_the_right_password_nothing_is_signed(world: World, mother: Account, client_of: ClientOf) -> None:
    sheet = asked_sheet(world.here)
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    for wrong in ("", "sai mật khẩu"):
        with pytest.raises(WrongPassword):
            signed(mother, copy, password=wrong)
    address = f"/messages/consents/copies/{copy.public_id}/"
    form = {"decision": "yes", "wording_hash": sheet.wording_hash, "password": "sai"}

    client = client_of(mother)
    assert client.post(address, form).status_code == 422
    assert "Mật khẩu hiện tại chưa đúng" in client.post(address, form).content.decode()
    for _ in range(3):
        client.post(address, form)
    page = client.post(address, {**form, "password": SECRET}).content.decode()

    assert "Đã thử sai quá nhiều lần" in page
    assert not ConsentSignature.objects.exists()
    assert not AnnouncementCopy.objects.filter(answered=True).exists()


def test_a_code_of_the_generator_signs_where_the_account_has_one(world: World, mother: Account) -> None:
    secret = pyotp.random_base32()
    AuthenticatorApp.objects.create(account=mother, secret=seal("totp", secret.encode()), confirmed_at=NOON)
    copy = copy_for(world.here.pupils[0], asked_sheet(world.here).announcement)

    with scope.of(actor(mother)):
        made = signed(mother, copy, password="", code=pyotp.TOTP(secret).at(NOON))

    assert made.proved_by == "code"


def test_a_recovery_code_signs_once(world: World, mother: Account) -> None:
    with scope.of(actor(mother)):
        first, second = identity.renew_recovery_codes(actor=actor(mother))[:2]
    copies = [copy_for(world.here.pupils[0], asked_sheet(world.here, subject=name).announcement) for name in "AB"]

    made = signed(mother, copies[0], password="", code=f" {first.lower()} ")

    assert made.proved_by == "recovery_code"
    for wrong in (first, "A" * len(second)):
        with pytest.raises(WrongCode):
            signed(mother, copies[1], password="", code=wrong)
    with pytest.raises(WrongCode):  # nor do the codes of somebody else
        signed(
            world.here.guardians[1], copy_for(world.here.pupils[1], copies[1].announcement), password="", code=second
        )
    assert [row.copy_id for row in ConsentSignature.objects.all()] == [copies[0].id]
    assert signed(mother, copies[1], password="", code=second).proved_by == "recovery_code"


def test_only_a_guardian_who_may_decide_signs(world: World, father: Account) -> None:
    copy = copy_for(world.here.pupils[0], asked_sheet(world.here).announcement)
    others = [world.here.guardians[1], world.here.teacher, world.here.pupils[0], world.elsewhere.guardians[0],
              world.here.head]  # fmt: skip
    with_password(*others)
    Guardianship.objects.filter(guardian_id=father.person_id).update(may_decide=False)
    for by in (father, *others):
        with pytest.raises(Forbidden):
            signed(by, copy)
    for change in ({"is_barred": True}, {"is_barred": False, "valid_to": TODAY - timedelta(days=1)}):
        Guardianship.objects.filter(guardian_id=father.person_id).update(may_decide=True, **change)
        with pytest.raises(Forbidden):
            signed(father, copy)

    assert not ConsentSignature.objects.exists()


def test_what_was_not_decided_not_read_or_is_over_is_not_signed(world: World, mother: Account) -> None:
    sheet = asked_sheet(world.here)
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    with pytest.raises(NothingDecided):
        signed(mother, copy, "")
    with pytest.raises(WordingHasChanged):
        signed(mother, copy, wording_hash="0" * 64)
    with pytest.raises(SheetIsOver):
        signed(mother, copy, at=DUE + timedelta(seconds=1))

    assert not ConsentSignature.objects.exists()


def test_a_yes_is_taken_back_at_any_time_and_the_history_stays(
    world: World, mother: Account, client_of: ClientOf
) -> None:
    sheet = asked_sheet(world.here)
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    with pytest.raises(NothingToWithdraw):
        actions.withdraw_signature(actor=actor(mother), copy=copy, at=NOON)
    signed(mother, copy)

    actions.withdraw_signature(actor=actor(mother), copy=copy, at=DUE + timedelta(days=30))

    found = standing(world, sheet)
    assert (found.standing, [line.row.decision for line in found.signatures]) == (
        Standing.WITHDRAWN,
        ["yes", "withdrawn"],
    )
    assert [(line.counts, line.is_whole) for line in found.signatures] == [(False, True), (True, True)]
    page = client_of(mother).get(f"/messages/consents/copies/{copy.public_id}/").content.decode()
    assert "đã rút lại" in page


def test_two_guardians_who_disagree_are_both_kept_and_the_school_decides(
    world: World, mother: Account, father: Account, client_of: ClientOf
) -> None:
    sheet = asked_sheet(world.here)
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    signed(mother, copy)
    signed(father, copy, "no", at=LATER)
    assert standing(world, sheet).standing == Standing.DISAGREED

    teacher = client_of(world.here.teacher)
    address = f"/messages/consents/{sheet.announcement.public_id}/rule/{copy.public_id}/"
    assert teacher.post(address, {"takes_part": "no", "reason": " "}).status_code == 422
    with pytest.raises(ReasonMissing):
        actions.rule_on_sheet(actor=actor(world.here.teacher), copy=copy, takes_part=False, reason=" ", at=LATER)
    assert not ConsentRuling.objects.exists()
    actions.rule_on_sheet(
        actor=actor(world.here.teacher),
        copy=copy,
        takes_part=False,
        reason="Cha chưa đồng ý, em ở lại lớp 6B.",
        at=LATER,
    )

    found = standing(world, sheet)
    assert (found.standing, found.is_settled, found.ruling.takes_part) == (Standing.DISAGREED, True, False)
    assert [line.row.decision for line in found.signatures] == ["yes", "no"]
    for guardian in (mother, father):
        page = client_of(guardian).get(f"/messages/consents/copies/{copy.public_id}/").content.decode()
        assert "Cha chưa đồng ý, em ở lại lớp 6B." in page
    signed(father, copy, at=LATER + timedelta(hours=1))
    assert (standing(world, sheet).standing, standing(world, sheet).is_settled) == (Standing.YES, False)


def test_the_word_of_a_guardian_who_was_barred_counts_no_more(world: World, mother: Account, father: Account) -> None:
    sheet = asked_sheet(world.here)
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    signed(mother, copy)
    signed(father, copy, "no")

    Guardianship.objects.filter(guardian_id=father.person_id).update(is_barred=True)

    found = standing(world, sheet)
    assert (found.standing, [line.counts for line in found.signatures]) == (Standing.YES, [True, False])


def test_consent_about_personal_data_stands_in_the_ledger_of_identity(world: World, mother: Account) -> None:
    sheet = asked_sheet(world.here, kind="data", purpose="research")
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    child = copy.child

    with scope.of(actor(mother)):
        made = signed(mother, copy)

    assert made.ledger == Consent.objects.get()
    assert identities.agreed([child], "research", on=TODAY) == {child.id}
    assert "Kết quả học tập, đã bỏ tên" in sheet.wording

    actions.withdraw_signature(actor=actor(mother), copy=copy, at=LATER)
    assert identities.agreed([child], "research", on=TODAY) == set()
    assert Consent.objects.get().withdrawn_at == LATER


def test_a_yes_taken_back_in_the_ledger_is_taken_back_on_the_sheet(world: World, mother: Account) -> None:
    from khue.identity import actions as identity

    sheet = asked_sheet(world.here, kind="data", purpose="research")
    signed(mother, copy_for(world.here.pupils[0], sheet.announcement))

    identity.withdraw_consent(actor=actor(mother), consent=Consent.objects.get(), at=LATER)

    assert standing(world, sheet).standing == Standing.WITHDRAWN


def test_a_new_wording_of_the_purpose_is_not_signed_on_an_old_sheet(world: World, mother: Account) -> None:
    sheet = asked_sheet(world.here, kind="data", purpose="research")
    ConsentSheet.objects.filter(id=sheet.id).update(text_version="2020-01")

    with pytest.raises(TextHasChanged):
        signed(mother, copy_for(world.here.pupils[0], sheet.announcement))

    assert not ConsentSignature.objects.exists()
    assert not Consent.objects.exists()


def test_a_sheet_about_data_needs_a_purpose_and_any_other_has_none(world: World) -> None:
    with pytest.raises(NoSuchPurpose):
        asked_sheet(world.here, kind="data", purpose="")
    assert not ConsentSheet.objects.exists()
    assert asked_sheet(world.here, kind="trip", purpose="research").purpose == ""


def test_a_subject_teacher_asks_for_no_consent_and_a_homeroom_teacher_only_of_the_own_class(world: World) -> None:
    from khue.identity.models import Grant

    Grant.objects.filter(account=world.here.teacher, role="homeroom_teacher").delete()
    with pytest.raises(Forbidden):
        asked_sheet(world.here)
    with pytest.raises(Forbidden):
        asked_sheet(world.here, by=world.elsewhere.teacher)

    assert not ConsentSheet.objects.exists()
    assert asked_sheet(world.here, by=world.here.clerk).wording_hash


def test_the_whole_way_on_pages(world: World, mother: Account, client_of: ClientOf) -> None:
    teacher, family = client_of(world.here.teacher), client_of(mother)
    form = {"key": str(uuid4()), "classes": str(world.here.school_class.id), "kind": "trip", "takes_conditions": "on",
            "subject": "Tham quan", "body": "Ngày 12/12.", "due_on": "26/11/2026"}  # fmt: skip
    draft = teacher.post("/messages/consents/write/", form)
    assert draft.status_code == 303
    assert "Đây là bản nháp" in teacher.get(draft["Location"]).content.decode()
    teacher.post(f"{draft['Location']}tell/")
    sheet = ConsentSheet.objects.get()
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    address = f"/messages/consents/copies/{copy.public_id}/"
    assert "Tôi đồng ý" in family.get(address).content.decode()

    sent = family.post(address, {"decision": "yes", "wording_hash": sheet.wording_hash, "password": SECRET})

    assert sent.status_code == 303
    paper = family.get(f"/messages/consents/{sheet.announcement.public_id}/paper/{copy.public_id}/").content.decode()
    assert "dấu kí khớp với nội dung" in paper
    assert ConsentSignature.objects.get().seal in paper
    listed = teacher.get(f"/messages/consents/{sheet.announcement.public_id}/?print").content.decode()
    assert "Phụ huynh Nguyễn Văn A" in listed
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_consentsignature")
        assert cursor.fetchone() == (1,)
