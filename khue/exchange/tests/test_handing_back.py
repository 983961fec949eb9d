"""A school's machine is given up and its rows go back: nothing is lost, and no two nodes ever write."""

from collections.abc import Callable

import pytest

from khue.exchange import actions, handings, queries, tasks
from khue.exchange.client import PeerRefused, PeerUnreachable, PeerUntrusted
from khue.exchange.models import HeldRecord, Letter, Peer, ReportedRecord, StaleSchool
from khue.exchange.tests.country import OVER, Country
from khue.exchange.tests.country import built as built
from khue.exchange.tests.country import country as country
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Refusal
from khue.foundation.models import AuditRow, OutboxEvent
from khue.registry.models import Person

LONG_AGO = ("class_secondary", "class.of-long-ago")


@pytest.fixture
def alone(country: Country) -> Country:
    """The school keeps its rows, has taken up what there was, and everybody has heard everything."""
    country.hand_over()
    country.take_up()
    country.send()
    return country


def born(country: Country, day: int) -> Callable[[], object]:
    return lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=day)


def note(country: Country, line: bytes) -> bool:
    """The line of a handing back arrives at the department."""
    with country.low.department.inside():
        peer = country.peer()
        return actions.note_handed_back(actor=queries.actor_of(peer), peer=peer, line=line)


def verbs(node) -> list[str]:
    with node.inside():
        return list(AuditRow.objects.filter(verb__startswith="school.").order_by("id").values_list("verb", flat=True))


def test_it_goes_there_and_back_and_every_year_stands(alone: Country):
    school, department, ministry = alone.nodes
    with school.inside():
        Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=9)  # not collected yet
    stood = alone.live(ministry)

    alone.hand_back()
    alone.low.send()
    told = alone.live(school)
    assert alone.live(department) == told != stood
    with department.inside():
        assert alone.peer().handed_back_at is not None
    done = alone.take_back()
    alone.high.send()

    assert done.records == len(alone.low.told())
    assert alone.live(department) == alone.live(ministry)
    kinds_and_keys = {row[:2] for row in alone.live(ministry)}
    assert LONG_AGO in kinds_and_keys
    versions = {row[:2]: row[2] for row in alone.live(ministry)}
    assert all(versions[row[:2]] >= row[2] for row in told if row[:2] in versions)
    with department.inside():
        assert not ReportedRecord.objects.exclude(peer=None).exists()
        assert {row.period for row in ReportedRecord.objects.filter(key=LONG_AGO[1])} == {OVER}
        names = ReportedRecord.objects.filter(kind="pupil_identity").exclude(event="CANCEL")
        assert sorted(row.payload["hovaten"] for row in names) == ["Nguyễn Văn A", "Nguyễn Văn B", "Nguyễn Văn C"]
        assert [one.id for one in queries.own_schools(SYSTEM)] == [alone.body.id]
        assert OutboxEvent.objects.filter(name="exchange.school_taken_back").count() == 1
    assert verbs(school) == ["school.taken_up", "school.handed_back"]
    assert verbs(department) == ["school.handed_over", "school.hand_back_noted", "school.taken_back"]


def test_from_the_act_on_the_school_writes_nothing(alone: Country):
    school, department, _ministry = alone.nodes
    alone.hand_back()
    stood = alone.live(school)
    with school.inside():
        born(alone, 17)()
        actions.mark_stale(actor=SYSTEM, organisation_id=alone.low.place.id, at=clock.now())
        assert actions.collect_school(actor=SYSTEM, school=alone.low.place, at=clock.now()).records == 0
        figure = actions.Figure(code="A5", year="2026-2027", definition=1, numerator=1, denominator=4, unknown=0)
        assert actions.report_figures(actor=SYSTEM, school=alone.low.place, figures=[figure], at=clock.now()) == 0
        assert (StaleSchool.objects.count(), queries.own_schools(SYSTEM)) == (0, [])
        with pytest.raises(actions.NotASchoolsOwnNode):
            actions.hand_back_school(actor=SYSTEM, peer=queries.peer_above(), at=clock.now())
    alone.low.send()

    assert alone.live(school) == alone.live(department) == stood
    with school.inside():
        assert queries.peer_above().back_settled_at is not None
    with school.at():
        assert tasks.report_above() is False  # nothing more is said, nobody is asked


def test_until_it_is_taken_back_nothing_is_missing_and_the_department_writes_nothing(alone: Country):
    _school, department, ministry = alone.nodes
    alone.hand_back()
    with pytest.raises(actions.NotHandedBack):  # nothing has arrived
        alone.take_back()
    alone.send()
    stood = alone.live(ministry)

    with department.inside():
        assert actions.collect_school(actor=SYSTEM, school=alone.body, at=clock.now()).records == 0
    alone.high.send()

    assert alone.live(department) == alone.live(ministry) == stood


def test_a_cut_line_is_gone_on_with(alone: Country):
    with alone.low.school.inside():
        born(alone, 21)()
    alone.hand_back()
    alone.low.line.is_cut = True
    with pytest.raises(PeerUnreachable):
        alone.low.send()
    with pytest.raises(actions.NotHandedBack):
        alone.take_back()

    alone.low.line.is_cut = False
    alone.low.line.lose_answers = 1
    with pytest.raises(PeerUnreachable):
        alone.low.send()
    alone.low.send()

    assert alone.low.heard() == alone.low.told()
    assert alone.take_back().records == len(alone.low.told())


def test_what_is_lost_above_is_sent_before_the_school_is_believed(alone: Country):
    """The department is restored from before the school's last report."""
    backup = alone.low.department.back_up()
    alone.low.change(born(alone, 23))
    alone.low.send()
    alone.hand_back()
    alone.low.department.restore(backup)

    told = alone.low.send()

    assert (told.reasons, told.again) == (["standing"], 1)
    assert alone.low.heard() == alone.low.told()
    assert alone.take_back().records == len(alone.low.told())


@pytest.mark.parametrize("what", ["held", "recovered", "letter", "handed over"])
def test_it_is_refused_while_something_is_open(alone: Country, what: str):
    school = alone.low.school
    with school.inside():
        if what == "held":
            Person.objects.filter(full_name="Nguyễn Văn A").update(national_id="12")
        elif what == "recovered":
            came = ReportedRecord.objects.filter(kind="pupil").first()
            ReportedRecord.objects.filter(id=came.id).update(recovered_hash=b"", key="pupil.of.nobody-here")
        elif what == "letter":
            this = queries.this_node()
            Letter.objects.create(
                organisation=alone.low.place, thread=this.node, from_node=this.node, to_node=queries.peer_above().node,
                content=b"", kept_at=clock.now(),
            )  # fmt: skip
        else:
            Peer.objects.update(handed_over_at=clock.now())
    stood = alone.live(school)

    wanted = actions.NotTakenUp if what == "handed over" else actions.MattersOpen
    with pytest.raises(wanted):
        alone.hand_back()

    assert alone.live(school) == stood
    with school.inside():
        assert queries.peer_above().handed_back_at is None
        assert not OutboxEvent.objects.filter(name="exchange.school_handed_back").exists()


def test_a_school_without_rows_here_is_not_taken_back(alone: Country):
    department = alone.low.department
    alone.hand_back()
    alone.send()
    stood = alone.live(department)
    with department.inside():
        from khue.schools.models import SchoolClass

        SchoolClass.objects.update(closed_on=clock.today())

    with pytest.raises(actions.NoRowsHere):
        alone.take_back()

    assert alone.live(department) == stood
    with department.inside():
        assert alone.peer().is_active


def test_a_school_that_says_something_new_has_not_handed_back(alone: Country):
    """Its node is restored from before the act and goes on as if nothing had been."""
    backup = alone.low.school.back_up()
    alone.hand_back()
    alone.low.send()
    alone.low.school.restore(backup)
    alone.low.change(born(alone, 25))
    alone.low.send()

    with pytest.raises(actions.NotHandedBack):
        alone.take_back()

    alone.hand_back()
    alone.low.send()
    alone.take_back()
    assert alone.low.department.call(lambda: HeldRecord.objects.filter(mended_at=None).exclude(peer=None).count()) == 0


def test_a_school_restored_after_it_was_taken_back_is_a_stranger(alone: Country):
    backup = alone.low.school.back_up()
    alone.hand_back()
    alone.low.send()
    alone.take_back()
    stood = alone.live(alone.low.department)
    alone.low.school.restore(backup)
    alone.low.change(born(alone, 27))

    with pytest.raises((PeerUntrusted, PeerRefused)):
        alone.low.send()

    assert alone.live(alone.low.department) == stood


def test_it_may_be_handed_over_once_more(alone: Country):
    school, department, ministry = alone.nodes
    with school.inside():
        old = queries.line_back(queries.peer_above())
    alone.hand_back()
    with school.inside():
        line, card = queries.line_back(queries.peer_above()), queries.own_card("http://node.example")
    alone.low.send()
    alone.take_back()
    with department.inside():
        actions.admit_peer(actor=SYSTEM, card=card, organisation=alone.body, at=clock.now())
        assert [one.id for one in queries.own_schools(SYSTEM)] == [alone.body.id]
    with pytest.raises(actions.HandingOverOutdated):  # the department keeps the rows; it has handed nothing over since
        alone.take_up()
    alone.hand_over()
    alone.take_up()
    alone.send()

    assert old is None
    assert alone.live(school) == alone.live(department) == alone.live(ministry)
    with pytest.raises(actions.HandingBackOutdated):
        note(alone, line)
    alone.hand_back()
    alone.low.send()
    assert alone.take_back().records == len(alone.low.told())
    with alone.nodes[1].inside():
        assert alone.peer().copies == 0


def test_only_what_is_signed_and_whole_is_believed(alone: Country):
    school, department, _ministry = alone.nodes
    alone.hand_back()
    with school.inside():
        line = queries.line_back(queries.peer_above())
    forged = [b"", line[:-4] + b"AAAA", line.replace(b".", b"", 1), b"\xff" * 40]
    with department.inside():
        ReportedRecord.objects.filter(peer__direction="below", kind="pupil").first().delete()

    for said, refusal in [*((one, actions.HandingBackNotGenuine) for one in forged), (line, actions.RecordsDiffer)]:
        with pytest.raises(Refusal) as told:
            note(alone, said)
        assert type(told.value) is refusal
    with department.inside():
        assert alone.peer().handed_back_at is None
    assert handings.is_back(line)
