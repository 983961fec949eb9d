"""A school without a line: what was handed over is carried to it, and what it hands back is carried from it."""

import pytest

from khue.exchange import actions, handings, keys, parcels, queries
from khue.exchange.actions import carrying
from khue.exchange.models import Passage, ReportedRecord
from khue.exchange.parcels import UnusableParcel
from khue.exchange.signatures import Signer
from khue.exchange.tests.country import Country
from khue.exchange.tests.country import built as built
from khue.exchange.tests.country import country as country
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.registry.models import Person

LONG_AGO = ("class_secondary", "class.of-long-ago")


@pytest.fixture
def cut(country: Country) -> Country:
    """Nothing goes between the school and the department but by hand."""
    country.low.line.is_cut = True
    return country


@pytest.fixture
def carried(cut: Country) -> Country:
    """The school has taken up from a file, and its first report was carried to the department and answered."""
    cut.hand_over()
    cut.take_up_from(cut.handing())
    settle(cut, cut.bring(cut.export()))
    return cut


def settle(country: Country, answer: bytes) -> int:
    """As `khue exchange settle FILE` at the school."""
    with country.low.school.at():
        with scope.of(SYSTEM):
            peer = queries.peer_above()
        return carrying.settled(SYSTEM, peer, answer)


def changed(data: bytes) -> bytes:
    """The same file with one character of its content another."""
    return data[:-40] + (b"B" if data[-40:-39] == b"A" else b"A") + data[-39:]


def test_a_school_takes_up_from_a_file_what_it_would_by_line(cut: Country):
    school, department, ministry = cut.nodes
    cut.hand_over()
    data = cut.handing()
    assert b"hovaten" not in data

    first = cut.take_up_from(data)
    again = cut.take_up_from(data)
    answer = cut.bring(cut.export())
    cut.high.send()

    assert first.raised > 0 < first.kept
    assert (again.raised, again.kept, again.collected.changed) == (0, 0, 0)
    assert cut.live(school) == cut.live(department) == cut.live(ministry)
    assert LONG_AGO in {row[:2] for row in cut.live(ministry)}
    assert settle(cut, answer) == 1
    with department.inside():
        assert Passage.objects.filter(deed="exported", records__gt=0).count() == 1


def test_a_file_that_was_changed_or_is_anothers_is_taken_up_by_nobody(cut: Country):
    school, department, ministry = cut.nodes
    cut.hand_over()
    data = cut.handing()
    with department.inside():
        this, peer = queries.this_node(), cut.peer()
        signer, key, moment = Signer(str(this.node), 1), keys.sealing(peer.keys), peer.handed_over_at
        records = [one.record for one in queries.handed_over(peer, 0)]
    with ministry.inside():
        stranger = keys.public_keys(1)
        forger = Signer(str(this.node), 1)
    with department.at():
        whole = handings.over(signer, str(peer.node), "school", moment, records)
        other = handings.over(signer, str(this.node), "school", moment, records)
    with ministry.at():
        forged = handings.over(forger, str(peer.node), "school", moment, records)
    stood = cut.live(school)

    files = [changed(data), data[:-60], b"", b"KHUE-EXCHANGE-1\nnobody\n" + data.split(b"\n", 2)[2]]
    files.append(parcels.packed(str(this.node), keys.sealing(stranger), whole))
    files += [
        parcels.packed(str(this.node), key, frames)
        for frames in ([], whole[:-1], whole[-1:], [whole[-1], *whole[:-1]], [*whole[:-1], b""], other, forged)
    ]
    for file in files:
        with pytest.raises(UnusableParcel):
            cut.take_up_from(file)

    assert cut.live(school) == stood
    with school.inside():
        assert queries.peer_above().taken_up_at is None


def test_pieces_of_two_files_make_none(country: Country, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handings, "AT_ONCE", 5)
    country.hand_over()
    with country.low.department.inside():
        this, peer = queries.this_node(), country.peer()
        records = [one.record for one in queries.handed_over(peer, 0)]
        signer = Signer(str(this.node), 1)
        first, second, *others = handings.over(signer, str(peer.node), "school", peer.handed_over_at, records)
        fewer = handings.over(signer, str(peer.node), "school", peer.handed_over_at, records[:7])
        ours, key = this, keys.sealing(peer.keys)
    assert len(others) > 1

    for frames in ([second, first, *others], [first, first, *others], [fewer[1], second, *others], [first, *others]):
        with pytest.raises(UnusableParcel):
            country.take_up_from(parcels.packed(str(ours.node), key, frames))
    done = country.take_up_from(parcels.packed(str(ours.node), key, [first, second, *others]))

    assert done.raised + done.kept > 5


def test_an_older_file_is_not_taken_up_after_a_later_one(cut: Country):
    cut.hand_over()
    old = cut.handing()
    cut.take_up_from(old)
    settle(cut, cut.bring(cut.export()))
    cut.hand_back()
    settle(cut, cut.bring(cut.export()))
    with cut.low.school.inside():
        card = queries.own_card("")
    cut.take_back()
    with pytest.raises(actions.HandingOverOutdated):
        cut.take_up_from(old)
    with cut.low.department.inside():
        actions.admit_peer(actor=SYSTEM, card=card, organisation=cut.body, at=clock.now())
    cut.hand_over()

    cut.take_up_from(cut.handing())
    with pytest.raises(actions.HandingOverOutdated):
        cut.take_up_from(old)

    cut.bring(cut.export())
    assert cut.live(cut.low.school) == cut.live(cut.low.department)


def test_a_school_hands_back_over_a_stick(carried: Country):
    school, department, ministry = carried.nodes
    with school.inside():
        Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=9)
    carried.hand_back()
    data = carried.export()

    answer = carried.bring(data)
    assert carried.bring(data)  # once more says the same
    assert carried.live(school) == carried.live(department)
    settle(carried, answer)
    with school.inside():
        assert queries.peer_above().back_settled_at is not None
    done = carried.take_back()
    carried.high.send()

    assert done.records == len(carried.low.told())
    assert carried.live(department) == carried.live(ministry)
    assert LONG_AGO in {row[:2] for row in carried.live(ministry)}
    with pytest.raises(UnusableParcel):  # its node is heard no more
        carried.bring(data)


def test_a_handing_back_waits_for_the_files_before_it(carried: Country):
    """The files are brought in the wrong order: the one that ends it says what is missing, and works afterwards."""
    school, department, _ministry = carried.nodes
    carried.low.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=11))
    first = carried.export()
    carried.hand_back()
    with school.inside():
        peer, this = queries.peer_above(), queries.this_node()
        line = queries.line_back(peer)
    alone = parcels.packed(str(this.node), keys.sealing(peer.keys), [line])

    with pytest.raises(actions.RecordsDiffer) as told:
        carried.bring(alone)
    with department.inside():
        assert carried.peer().handed_back_at is None
        count = ReportedRecord.objects.filter(peer__direction="below").count()
    assert f"{count} bản ghi" in str(told.value)
    carried.bring(first)
    carried.bring(alone)

    with department.inside():
        assert carried.peer().handed_back_at is not None
    assert carried.take_back().records == count


def test_a_file_that_was_changed_hands_nothing_back(carried: Country):
    carried.hand_back()
    data, stood = carried.export(), carried.live(carried.low.department)

    for file in (changed(data), data[:-30]):
        with pytest.raises(UnusableParcel):
            carried.bring(file)
    with carried.high.department.at(), pytest.raises(UnusableParcel):  # the Ministry does not know the school's node
        carrying.unpacked(SYSTEM, data)
    with pytest.raises(UnusableParcel):  # and it is no handing over
        carried.take_up_from(data)

    assert carried.live(carried.low.department) == stood
    with pytest.raises(actions.NotHandedBack):
        carried.take_back()
