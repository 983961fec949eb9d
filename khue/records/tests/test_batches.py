"""From a class's recorded year to sealed documents, by the jobs that people start."""

import pytest

from khue.foundation import clock, files, work
from khue.foundation.errors import Forbidden
from khue.records import actions
from khue.records.models import Signature, SigningBatch, Step
from khue.records.refusals import AlreadyRunning, NothingToDo
from khue.records.signing.certified import Trust
from khue.records.signing.judge import judge_xml
from khue.records.signing.verdicts import Verdict
from khue.records.tests.authority import PASSWORD
from khue.records.tests.builders import confirmed, sealed_year, signed
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def test_a_class_is_signed_by_its_teacher_and_the_head_and_sealed(at, hands, trusting):
    sheets = sealed_year(at, hands)

    assert [sheet.state for sheet in sheets] == ["sealed"] * 3
    for sheet in sheets:
        with files.open_file(sheet.xml) as stream:
            judged = judge_xml(stream.read(), Trust(trusting.anchors))
        assert judged.verdict is Verdict.VALID
        assert judged.digest == sheet.digest
        assert judged.content.pupil.full_name == sheet.transcript.person.full_name
    steps = list(Step.objects.filter(sheet=sheets[0]).order_by("id").values_list("kind", "role"))
    assert steps == [
        ("completed", ""), ("compared", "homeroom"), ("confirmed", "head"), ("signed", "homeroom"), ("signed", "head"),
        ("sealed", "seal"),
    ]  # fmt: skip
    assert not SigningBatch.objects.exclude(secret=None).exists()


def test_a_wrong_password_signs_nothing_and_is_forgotten(at, hands):
    confirmed(at)

    job = signed(at, at.teacher, "homeroom", hands.homeroom, secret="sai")

    assert job.state == "failed"
    assert "mật khẩu của khoá không đúng" in job.summary
    assert not Signature.objects.exists()
    assert not SigningBatch.objects.exclude(secret=None).exists()


def test_nobody_signs_with_another_hand(at, hands, world):
    confirmed(at)
    wrong = [
        (at.teacher, "homeroom", hands.head), (at.teacher, "head", hands.homeroom), (at.teacher, "seal", hands.seal),
        (at.head, "head", hands.seal), (at.head, "seal", hands.head), (at.head, "homeroom", hands.head),
        (at.clerk, "head", hands.seal), (world.elsewhere.head, "head", hands.head), (at.pupils[0], "head", hands.head),
    ]  # fmt: skip
    for account, role, key in wrong:
        with pytest.raises(Forbidden):
            actions.begin_batch(
                actor=actor(account), school_year=at.year, school_class=at.school_class, role=role, key=key,
                secret=PASSWORD, at=clock.now(),
            )  # fmt: skip

    assert not SigningBatch.objects.exists()


def test_two_taps_begin_one_batch_and_nothing_waits_after_it(at, hands):
    confirmed(at)
    given = {"school_year": at.year, "school_class": at.school_class, "role": "homeroom", "key": hands.homeroom}
    batch = actions.begin_batch(actor=actor(at.teacher), **given, secret=PASSWORD, at=clock.now())
    with pytest.raises(AlreadyRunning):
        actions.begin_batch(actor=actor(at.teacher), **given, secret=PASSWORD, at=clock.now())

    work.run_now(batch.job)

    with pytest.raises(NothingToDo):
        actions.begin_batch(actor=actor(at.teacher), **given, secret=PASSWORD, at=clock.now())
    assert Signature.objects.count() == 3
