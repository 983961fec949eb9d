"""The school index from evidence to publication."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import clock, events, scope
from khue.foundation.actor import ANONYMOUS
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.indicators import actions, queries
from khue.indicators.actions.school_index import (
    AssessmentNotOpen,
    Claim,
    CriteriaMissing,
    DecisionMissing,
    NotTheTurn,
    PointsOverMost,
    ReasonMissing,
)  # fmt: skip
from khue.indicators.models import CriterionClaim, SchoolAssessment
from khue.indicators.school_index import BY_CODE, CRITERIA, hand_in_by, level_of, publish_by, result_of
from khue.messaging.models import Delivery, Message
from khue.schools.models import Room
from tests.world import NOON, World, actor

ClientOf = Callable[[Account], Client]
YEAR = "2026-2027"
IN_TIME, LATE = datetime(2027, 5, 30, 5, tzinfo=UTC), datetime(2027, 5, 31, 5, tzinfo=UTC)
WHOLE = {criterion.code: Claim(criterion.ceiling, "Có trong hồ sơ") for criterion in CRITERIA}

points = st.fixed_dictionaries({c.code: st.integers(0, c.ceiling) for c in CRITERIA})


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def begun(world: World) -> SchoolAssessment:
    here = world.here
    return actions.begin_assessment(actor=actor(here.head), organisation=here.organisation, school_year=YEAR, at=NOON)


def submitted(world: World, at: datetime = IN_TIME) -> SchoolAssessment:
    head, made = actor(world.here.head), begun(world)
    actions.save_claims(actor=head, assessment=made, claims=WHOLE, at=at)
    return actions.submit_assessment(actor=head, assessment=made, at=at)


def test_points_are_those_of_the_source() -> None:
    sums = {group: sum(c.most for c in CRITERIA if c.group == group) for group in (1, 2)}

    assert sums == {1: 100, 2: 90}  # ten points of group 2 are missing from the source, and are not invented
    assert [c.code for c in CRITERIA if c.is_mandatory] == ["1.1", "1.2", "2.1", "2.2"]


@pytest.mark.parametrize(("amount", "level"), [(0, 1), (49, 1), (50, 2), (75, 2), (76, 3), (100, 3)])
def test_the_levels_of_a_group(amount: int, level: int) -> None:
    assert level_of(amount) == level


@given(points, st.sampled_from([c.code for c in CRITERIA]))
def test_more_points_never_lower_the_level(given_points: dict[str, int], code: str) -> None:
    before = result_of(given_points)
    after = result_of({**given_points, code: BY_CODE[code].ceiling})

    assert after.level >= before.level
    assert before.level == (min(level_of(before.teaching), level_of(before.governance)) if before.is_ready else 1)
    assert before.is_ready == all(given_points[c.code] for c in CRITERIA if c.is_mandatory)


def test_the_days_follow_the_school_year() -> None:
    assert hand_in_by(YEAR) == date(2027, 5, 30)
    assert publish_by(YEAR) == date(2027, 6, 19)


def test_it_begins_with_what_the_system_finds(world: World) -> None:
    Room.objects.create(organisation=world.here.organisation, name="Studio", kind=Room.Kind.STUDIO)

    claims = {row.code: row for row in CriterionClaim.objects.filter(assessment=begun(world))}

    assert len(claims) == len(CRITERIA)
    assert (claims["1.7.3"].claimed, claims["1.7.3"].evidence) == (5, "1 phòng studio")
    assert (claims["2.3.2"].claimed, claims["2.3.2"].evidence) == (6, "3 học sinh đang học")
    assert (claims["2.3.7"].claimed, claims["2.3.7"].evidence) == (None, "")
    assert begun(world).id == begun(world).id


def test_from_evidence_to_publication(world: World) -> None:
    officer, made = actor(world.department_officer), submitted(world)
    assert (made.state, made.is_late) == ("submitted", False)

    actions.return_assessment(actor=officer, assessment=made, reason="Thiếu minh chứng 1.4", at=IN_TIME)
    again = submitted(world)
    actions.appraise(
        actor=officer, assessment=again, points={"1.5.1": 0, "1.4": 4}, remarks={"1.4": "40 học liệu"}, at=IN_TIME
    )
    actions.recognise(actor=officer, assessment=again, decision="123/QĐ-SGDĐT", at=IN_TIME)
    with scope.of(ANONYMOUS):
        assert not queries.published_assessments().exists()
    actions.publish_assessment(actor=officer, assessment=again, at=IN_TIME)

    with scope.of(ANONYMOUS):
        shown = queries.published_assessments().get()
    assert (shown.level, shown.points_teaching, shown.points_governance) == (3, 79, 90)
    verbs = AuditRow.objects.filter(verb__startswith="school_index.").order_by("id").values_list("verb", flat=True)
    assert [verb.partition(".")[2] for verb in verbs] == [
        "begun", "claimed", "submitted", "returned", "claimed", "submitted", "appraised", "recognised", "published",
    ]  # fmt: skip


def test_a_late_one_is_taken_and_marked(world: World) -> None:
    assert submitted(world, LATE).is_late

    def listed(which: str, on: date) -> dict[str, bool]:
        schools = list(queries.schools_to_assess(world.department, YEAR, on, which))
        return {line.school.name: line.is_overdue for line in queries.assessment_lines(schools, YEAR, on)}

    assert listed("", LATE.date()) == {"THCS Mỹ An": False, "THCS&THPT Đốc Binh Kiều": True}
    assert listed("overdue", LATE.date()) == {"THCS&THPT Đốc Binh Kiều": True}
    assert listed("overdue", IN_TIME.date()) == {}
    assert listed("submitted", LATE.date()) == {"THCS Mỹ An": False}
    assert listed("published", LATE.date()) == {}


def test_what_is_refused_changes_nothing(world: World) -> None:
    head, officer, made = actor(world.here.head), actor(world.department_officer), begun(world)

    with pytest.raises(CriteriaMissing):
        actions.submit_assessment(actor=head, assessment=made, at=NOON)
    with pytest.raises(PointsOverMost):
        actions.save_claims(actor=head, assessment=made, claims={"1.4": Claim(11)}, at=NOON)
    with pytest.raises(NotTheTurn):
        actions.recognise(actor=officer, assessment=made, decision="1", at=NOON)
    made.refresh_from_db()
    assert made.state == "draft"
    assert CriterionClaim.objects.get(assessment=made, code="1.4").claimed is None

    sent = submitted(world)
    with pytest.raises(AssessmentNotOpen):
        actions.save_claims(actor=head, assessment=sent, claims={"1.4": Claim(1)}, at=NOON)
    with pytest.raises(ReasonMissing):
        actions.return_assessment(actor=officer, assessment=sent, reason=" ", at=NOON)
    actions.appraise(actor=officer, assessment=sent, points={}, remarks={}, at=NOON)
    with pytest.raises(DecisionMissing):
        actions.recognise(actor=officer, assessment=sent, decision="", at=NOON)
    sent.refresh_from_db()
    assert (sent.state, sent.level) == ("appraised", None)


def test_each_does_only_their_own_part(world: World) -> None:
    made = submitted(world)
    with pytest.raises(Forbidden):
        actions.appraise(actor=actor(world.here.head), assessment=made, points={}, remarks={}, at=NOON)
    with pytest.raises(Forbidden):
        actions.return_assessment(actor=actor(world.elsewhere.head), assessment=made, reason="x", at=NOON)
    for other in (world.elsewhere.head, world.here.teacher, world.department_officer):
        with pytest.raises(Forbidden):
            actions.save_claims(actor=actor(other), assessment=made, claims=WHOLE, at=NOON)

    made.refresh_from_db()
    assert made.state == "submitted"


def test_the_pages_from_the_school_to_the_public(world: World, client_of: ClientOf) -> None:
    head, officer = client_of(world.here.head), client_of(world.department_officer)
    start = f"/indicators/{world.here.organisation.public_id}/index/"
    assert "Bắt đầu tự đánh giá" in head.get(start).content.decode()
    page = head.post(f"{start}begin/").headers["Location"]
    assert "3 học sinh đang học" in head.get(page).content.decode()

    typed = {f"{c.field}_points": str(c.ceiling) for c in CRITERIA}
    unfinished = head.post(page, {**typed, "c1_4_points": "", "c2_1_points": "", "submit": "1"}).content.decode()
    assert re.findall(r'<a href="#id_(\w+)">([^<]*)</a>: Chưa đánh giá', unfinished) == [
        ("c1_4_points", "Điểm 1.4, từ 0 đến 10"), ("c2_1_points", "Điều kiện bắt buộc 2.1")
    ]  # fmt: skip
    assert head.post(page, {**typed, "c1_4_link": "https://truong.edu.vn/1", "save": "1"}).status_code == 303
    wrong = head.post(page, {**typed, "c1_4_points": "99", "submit": "1"})
    assert wrong.status_code == 200
    assert "99" in wrong.content.decode()
    assert head.post(page, {**typed, "c1_4_link": "https://truong.edu.vn/1", "submit": "1"}).status_code == 303
    appraising = officer.get(page).content.decode()
    assert "Trường tự chấm: đạt." in appraising
    assert f'href="/indicators/{world.department.public_id}/index/"' in appraising
    assert "chờ thẩm định" in officer.get(f"/indicators/{world.department.public_id}/index/").content.decode()
    assert officer.post(page, {**typed, "c1_4_points": "5", "c1_4_remark": "Năm học liệu"}).status_code == 303
    officer.post(f"{page}recognise/", {"decision": "45/QĐ-SGDĐT"})
    officer.post(f"{page}publish/")

    events.deliver_now()
    told = Message.objects.filter(link=page).order_by("id")
    assert [each.subject for each in told] == [
        "Sở đã công nhận mức chuyển đổi số của trường", "Sở đã công bố mức chuyển đổi số của trường",
    ]  # fmt: skip
    assert set(Delivery.objects.filter(message__in=told).values_list("recipient", flat=True)) == {
        world.here.head.person_id
    }
    read = head.get(page).content.decode()
    assert "Nhận xét của Sở: Năm học liệu" in read
    assert 'href="https://truong.edu.vn/1"' in read
    assert "45/QĐ-SGDĐT" in Client().get("/school-index/").content.decode()
    for other in (world.elsewhere.head, world.here.teacher, world.here.pupils[0]):
        stranger = client_of(other)
        assert stranger.get(page).status_code == 404
        assert stranger.get(start).status_code == 404
        assert stranger.post(f"{page}publish/").status_code == 404


@pytest.mark.parametrize("pupils", [3, 30])
def test_an_assessment_costs_the_same_for_any_school(
    pupils: int, client_of: ClientOf, django_assert_max_num_queries: Callable, db: None
) -> None:
    from tests.world import world as build

    world = build(pupils)
    made, head = begun(world), client_of(world.here.head)
    with django_assert_max_num_queries(9):
        head.get(f"/indicators/index/{made.public_id}/")
