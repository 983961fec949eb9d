"""A school's node and the department's: lines cut, answers lost, nodes restored. They converge; nothing is lost."""

from datetime import timedelta

import pytest

from khue.exchange import actions, queries
from khue.exchange.actions import carrying
from khue.exchange.client import PeerRefused, PeerUnreachable, PeerUntrusted
from khue.exchange.models import Batch, FieldGrant, HeldRecord, Passage, Peer, ReportedRecord
from khue.exchange.tests.nodes import Pair
from khue.exchange.tests.two_nodes import pair as pair
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.registry.models import Person
from khue.schools.models import SchoolClass


def rename(name: str) -> None:
    SchoolClass.objects.update(name=name)


def test_everything_arrives_once_and_then_nothing_more(pair: Pair):
    first = pair.send()

    assert first.records == len(pair.told()) > 10
    assert pair.heard() == pair.told()
    with pair.department.inside():
        kinds = set(ReportedRecord.objects.values_list("kind", flat=True))
        pupil = ReportedRecord.objects.filter(kind="pupil_identity").first()
        assert pupil.payload["hovaten"].startswith("Nguyễn Văn")
        assert pupil.payload["ngaythangnamsinh"] == "2015-03-02"
    assert kinds == {"school", "staff", "class_secondary", "class_subject", "pupil", "pupil_identity"}
    assert (pair.send().batches, pair.heard()) == (0, pair.told())


def test_a_change_sends_what_changed_and_nothing_else(pair: Pair):
    pair.send()

    pair.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=3))

    assert pair.send().records == 1
    assert pair.heard() == pair.told()


def test_what_the_law_does_not_let_the_department_see_stays_at_the_school(pair: Pair):
    """Granted still as the department has it, no longer as the school has it: so it is the school that sends it not."""
    with pair.school.inside():
        born = FieldGrant.objects.filter(kind="pupil_identity", field="ngaythangnamsinh", level="department")
        assert born.update(valid_to=clock.today() - timedelta(days=1)) == 1

    pair.change(lambda: None)
    pair.send()

    with pair.department.inside():
        rows = ReportedRecord.objects.filter(kind="pupil_identity").values_list("payload", flat=True)
        seen = {name for payload in rows for name in payload}
    assert "hovaten" in seen
    assert "ngaythangnamsinh" not in seen


def test_a_lost_answer_costs_one_repetition_and_nothing_twice(pair: Pair):
    pair.line.lose_answers = 1
    with pytest.raises(PeerUnreachable):
        pair.send()
    assert pair.heard() == pair.told()

    told = pair.send()

    assert told.batches == 1
    with pair.department.inside():
        assert Batch.objects.count() == 1
        assert Passage.objects.filter(deed="received").count() == 1
    with pair.school.inside():
        assert Passage.objects.filter(deed="sent").count() == 1


def test_a_cut_line_is_gone_on_with(pair: Pair):
    pair.line.is_cut = True
    with pytest.raises(PeerUnreachable):
        pair.send()
    assert pair.heard() == []

    pair.line.is_cut = False
    pair.change(lambda: rename("6B"))
    pair.send()

    assert pair.heard() == pair.told()


def test_a_school_restored_from_last_week_takes_back_what_it_lost_and_sends_no_old_version(pair: Pair):
    pair.send()
    backup = pair.school.back_up()
    pair.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=9))
    pair.send()
    newest = pair.heard()

    pair.school.restore(backup)
    pair.change(lambda: Person.objects.filter(full_name="Nguyễn Văn B").update(birth_day=7))
    told = pair.send()

    assert told.reasons == ["standing"]
    assert told.adopted == 1
    assert pair.heard() == pair.told()
    versions = {key: version for _kind, key, version, _hash in pair.heard()}
    assert all(versions[key] >= version for _kind, key, version, _hash in newest)
    with pair.department.inside():
        days = ReportedRecord.objects.filter(kind="pupil_identity").order_by("payload__hovaten")
        assert [row.payload["ngaythangnamsinh"][-2:] for row in days] == ["09", "07", "02"]
    with pair.school.inside():  # the row itself still says what it said last week; nobody is overruled silently
        assert ReportedRecord.objects.exclude(recovered_hash=None).count() == 1

    pair.change(lambda: None)
    assert (pair.send().records, pair.heard()) == (0, pair.told())
    pair.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=10))
    assert pair.send().records == 1
    with pair.school.inside():
        assert ReportedRecord.objects.exclude(recovered_hash=None).count() == 0


def test_a_department_restored_from_last_week_gets_only_what_it_lacks(pair: Pair):
    pair.send()
    backup = pair.department.back_up()
    pair.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=9))
    pair.send()

    pair.department.restore(backup)
    told = pair.send()

    assert (told.reasons, told.again, told.records) == (["standing"], 1, 1)
    assert pair.heard() == pair.told()


def test_a_full_comparison_of_equals_sends_nothing(pair: Pair):
    pair.send()
    pair.line.requests.clear()

    told = pair.send(compares=True)

    assert told.records == 0
    assert [path for path, _size in pair.line.requests].count("digests") == 1
    assert "leaves" not in dict(pair.line.requests)


def test_what_is_held_back_becomes_the_schools_work_and_is_over_once_mended(pair: Pair):
    """The department's rules have become stricter than what the school's node knows."""
    with pair.department.inside():
        from khue.exchange.models import ValidationRule

        ValidationRule.objects.filter(kind="pupil_identity", code="number_missing").update(severity="error")

    pair.send()

    with pair.school.inside():
        lines = HeldRecord.objects.filter(mended_at=None, peer__direction="above")
        assert set(lines.values_list("rule", "duty", "organisation_id")) == {("number_missing", "clerk", pair.place.id)}
        assert lines.count() == 3
    pair.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(national_id="082215000001"))
    pair.send()

    for one in (pair.school, pair.department):
        with one.inside():
            assert HeldRecord.objects.filter(mended_at=None).count() == 2


def test_a_stick_carries_everything_there_and_the_answer_back(pair: Pair):
    with pair.school.at():
        with scope.of(SYSTEM):
            above = queries.peer_above()
        parcel, records = carrying.packed(SYSTEM, above)
    assert records == len(pair.told())
    assert b"hovaten" not in parcel

    with pair.department.at():
        answer, _told = carrying.unpacked(SYSTEM, parcel)
        again, _told = carrying.unpacked(SYSTEM, parcel)
        with pytest.raises(carrying.UnusableParcel):
            carrying.unpacked(SYSTEM, parcel[:-10] + (b"B" if parcel[-10:-9] == b"A" else b"A") + parcel[-9:])
    assert pair.heard() == pair.told()
    with pair.school.at():
        with pytest.raises(carrying.UnusableParcel):
            carrying.settled(SYSTEM, above, answer[:-2] + b"]]")
        assert carrying.settled(SYSTEM, above, answer) == 1
        assert carrying.settled(SYSTEM, above, again) == 0

    assert pair.send().records == 0
    with pair.department.inside():
        assert Passage.objects.filter(deed="received").count() == 1


def test_a_file_may_go_by_line_too_and_in_any_order(pair: Pair):
    with pair.school.at():
        with scope.of(SYSTEM):
            above = queries.peer_above()
        first, _records = carrying.packed(SYSTEM, above)
    pair.change(lambda: rename("6D"))
    with pair.school.at():
        second, _records = carrying.packed(SYSTEM, above)
    with pair.department.at():
        carrying.unpacked(SYSTEM, second)

    pair.send()

    with pair.department.at():
        carrying.unpacked(SYSTEM, first)
    assert pair.heard() == pair.told()
    assert pair.send().batches == 0


def test_nobody_else_is_believed(pair: Pair):
    """The department's address answered by a node with other keys; a school that was not admitted."""
    pair.send()
    pair.change(lambda: rename("6C"))
    before = pair.heard()

    pair.department.secret = "somebody else"
    with pytest.raises(PeerUntrusted):
        pair.send()
    pair.department.secret = f"secret-of-{pair.department.database}"
    pair.school.secret = "somebody else"
    with pytest.raises(PeerUntrusted):  # the answer to a stranger is not signed
        pair.send()

    assert pair.heard() == before


def test_a_retired_peer_is_a_stranger(pair: Pair):
    with pair.department.inside():
        actions.retire_peer(actor=SYSTEM, peer=Peer.objects.get())

    with pytest.raises((PeerUntrusted, PeerRefused)):
        pair.send()

    assert pair.heard() == []
