"""What a node below reports: taken over once, in any order; what is wrong is held back with its reasons."""

import pytest

from khue.exchange import actions, queries
from khue.exchange.models import Batch, HeldRecord, Passage, ReportedRecord
from khue.exchange.tests.conftest import NodeBelow
from khue.foundation import scope
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.registry.models import OrganisationCode
from tests.world import NOON, TODAY, actor

pytestmark = pytest.mark.django_db


def stand(*fields: str) -> list[tuple]:
    return list(ReportedRecord.objects.order_by("kind", "key").values_list(*(fields or ("key", "version", "event"))))


def test_a_batch_is_taken_over_and_leaves_its_traces(below: NodeBelow):
    answer = below.accept(below.batch(below.record("a"), below.record("b", tenlop="6B")))

    assert (answer.taken, answer.older, answer.same, answer.held, answer.repeated) == (2, 0, 0, [], False)
    assert stand() == [("a", 1, "NEW"), ("b", 1, "NEW")]
    row = ReportedRecord.objects.get(key="b")
    assert row.payload["tenlop"] == "6B"
    assert (row.organisation_id, row.peer_id) == (below.peer.organisation_id, below.peer.id)
    assert list(Passage.objects.values_list("deed", "kinds", "records")) == [("received", {"class_secondary": 2}, 2)]
    assert AuditRow.objects.filter(verb="batch.accepted").count() == 1
    below.peer.refresh_from_db()
    assert below.peer.number == 1


def test_the_same_batch_again_gets_the_same_answer_and_changes_nothing(below: NodeBelow):
    data = below.batch(below.record("a"), below.record("b", makhoi="99"))
    first = below.accept(data)
    before = list(ReportedRecord.objects.values()) + list(HeldRecord.objects.values())

    again = below.accept(data)

    assert (again.taken, len(again.held), again.repeated) == (first.taken, len(first.held), True) == (1, 1, True)
    assert list(ReportedRecord.objects.values()) + list(HeldRecord.objects.values()) == before
    assert Batch.objects.count() == 1


def test_only_a_greater_version_wins_in_any_order(below: NodeBelow):
    first = below.batch(below.record("a", 1), below.record("b", 5, tenlop="new"), number=1)
    second = below.batch(below.record("a", 2, "CANCEL"), below.record("b", 4, tenlop="old"), number=2)

    below.accept(second)
    below.peer.refresh_from_db()
    assert below.peer.number == 0  # the first is missing still
    late = below.accept(first)

    assert (late.taken, late.older) == (1, 1)
    assert stand() == [("a", 2, "CANCEL"), ("b", 5, "NEW")]
    below.peer.refresh_from_db()
    assert (below.peer.number, below.peer.copies) == (2, 2)


def test_one_version_with_two_contents_is_held_back(below: NodeBelow):
    below.accept(below.batch(below.record("a", 3, tenlop="one"), number=1))

    answer = below.accept(below.batch(below.record("a", 3, tenlop="two"), number=2))

    assert [(line.rule, line.version) for line in answer.held] == [("version_conflict", 3)]
    assert ReportedRecord.objects.get().payload["tenlop"] == "one"


def test_what_is_wrong_is_held_back_and_the_rest_stands(below: NodeBelow):
    answer = below.accept(below.batch(below.record("good"), below.record("bad", makhoi="13", tenlop="")))

    assert stand("key") == [("good",)]
    assert sorted((line.rule, line.field, line.duty) for line in answer.held) == [
        ("grade", "makhoi", "clerk"),
        ("name_missing", "tenlop", "clerk"),
    ]
    held = HeldRecord.objects.order_by("rule").first()
    assert held.payload["makhoi"] == "13"
    assert held.organisation_id == below.peer.organisation_id


def test_a_mended_record_closes_its_lines_also_when_the_bad_version_comes_late(below: NodeBelow):
    bad = below.batch(below.record("a", 1, makhoi="13"), number=1)
    good = below.batch(below.record("a", 2), number=2)

    below.accept(bad)
    below.accept(good)

    assert HeldRecord.objects.filter(mended_at=None).count() == 0
    assert HeldRecord.objects.count() == 1
    assert stand() == [("a", 2, "NEW")]


def test_a_school_cannot_report_for_another(below: NodeBelow, named):
    answer = below.accept(below.batch(below.record("a", school=named.here.organisation.code)))

    assert [line.rule for line in answer.held] == ["school_not_yours"]
    assert stand() == []


def test_a_record_that_is_anothers_is_not_overwritten(below: NodeBelow, named):
    """The key of a record of a school that this node keeps itself."""
    ours = ReportedRecord.objects.create(
        organisation=named.here.organisation, kind="class_secondary", key="ours", version=1, event="NEW", payload={},
        content_hash=b"1", sent_hash=b"1", position=1, bucket=0, changed_at=NOON, recorded_at=NOON,
    )  # fmt: skip

    answer = below.accept(below.batch(below.record("ours", 9)))

    assert [line.rule for line in answer.held] == ["kept_by_another"]
    ours.refresh_from_db()
    assert (ours.version, ours.peer_id) == (1, None)


def test_a_field_this_level_may_not_see_is_not_kept(below: NodeBelow):
    answer = below.accept(
        below.batch(below.record("p", kind="pupil", matruong=below.school, malop="6A", makhoi="06", nhommau="A"))
    )

    assert [(line.rule, line.field) for line in answer.held] == [("field_not_allowed", "nhommau")]
    assert "nhommau" not in HeldRecord.objects.get().payload
    assert stand() == []


@pytest.mark.parametrize("epoch", [2, 7])
def test_a_new_epoch_begins_with_its_first_batch_and_the_old_one_is_over(below: NodeBelow, epoch: int):
    old = below.batch(below.record("a"), number=2)
    below.accept(below.batch(below.record("b"), number=1))

    below.accept(below.batch(below.record("c"), number=1, epoch=epoch))

    with pytest.raises(actions.EpochOver):
        below.accept(old)
    assert stand("key") == [("b",), ("c",)]
    assert queries.standing_of(below.peer).epoch == 1  # as read before
    below.peer.refresh_from_db()
    assert (below.peer.epoch, below.peer.number) == (epoch, 1)


def test_a_number_that_came_with_other_content_is_refused(below: NodeBelow):
    below.accept(below.batch(below.record("a"), number=1))

    with pytest.raises(actions.NumberTaken):
        below.accept(below.batch(below.record("b"), number=1))
    with pytest.raises(actions.NumberTaken):
        below.accept(below.batch(below.record("b"), number=2, previous="00" * 32))

    assert stand("key") == [("a",)]


def test_only_a_peer_accepts_and_only_for_its_own_body(below: NodeBelow, named):
    data = below.batch(below.record("a"))

    for somebody in (actor(named.elsewhere.head), actor(named.department_officer)):
        with scope.of(somebody), pytest.raises(Forbidden):
            actions.accept_batch(actor=somebody, peer=below.peer, data=data, at=NOON)

    assert (ReportedRecord.objects.count(), Batch.objects.count(), Passage.objects.count()) == (0, 0, 0)


def test_a_school_is_found_by_the_code_it_bore_before(below: NodeBelow, named):
    """The school's node was not told yet that its code was replaced."""
    OrganisationCode.objects.create(body=named.elsewhere.organisation, code="82-OLD", valid_to=TODAY)

    answer = below.accept(below.batch(below.record("a", school="82-OLD"), below.record("b", school="82-NEVER")))

    assert [(line.rule, line.school) for line in answer.held] == [("school_not_yours", "82-NEVER")]
    assert stand("key", "organisation_id") == [("a", named.elsewhere.organisation.id)]
