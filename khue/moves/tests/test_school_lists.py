"""What changes among schools and nodes is known in the whole country within a minute a node, and asks little."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from khue.exchange import queries, tasks
from khue.exchange.client import PeerRefused
from khue.exchange.models import FarSchool, Peer, ReportedRecord
from khue.exchange.tests.nodes import node
from khue.foundation import clock
from khue.foundation.models import AuditRow
from khue.moves.tests.country import Chain, Place, happen, nothing_lost, own_node
from khue.registry.models import Organisation

CODE = "46300055"


def quiet(chain: Chain) -> None:
    """Whatever is under way arrives; from here requests are counted."""
    minute(chain)
    minute(chain)
    forget(chain)


def forget(chain: Chain, *more: Place) -> None:
    for place in (*chain.places, *more):
        place.line.asked.clear()


def minute(chain: Chain, *more: Place) -> None:
    """A minute passes everywhere: what is below first, then down the other side."""
    for place in (*more, chain.new, chain.old, *chain.departments):
        place.minute()
    happen(chain.ministry)
    for place in (*chain.departments, chain.old, chain.new, *more):
        place.minute()


def knows(place: Place, code: str) -> UUID | None:
    """The node that keeps a school's rows, as one node knows."""
    with place.node.inside():
        return FarSchool.objects.filter(code=code).values_list("node_id", flat=True).first()


def called(place: Place, code: str = "46300022") -> str:
    """What a school on another node is called, as one node knows."""
    with place.node.inside():
        return FarSchool.objects.get(code=code).name


def name_of(place: Place) -> UUID:
    with place.node.inside():
        return queries.this_node().node


def asked(place: Place) -> list[str]:
    return sorted(path for path in place.line.asked if path.startswith(("/schools", "/nodes", "/batches")))


def renamed(place: Place, name: str) -> None:
    """The school is called something else, collects itself and reports."""
    with place.node.inside():
        Organisation.objects.filter(id=place.school.organisation.id).update(name=name)
        place.school.organisation.refresh_from_db()
    place.report()


def test_a_school_that_gets_a_node_is_known_at_the_other_end_of_the_country_in_a_minute_a_node(
    five_nodes: Chain,
) -> None:
    quiet(five_nodes)
    one, other = five_nodes.departments
    with node("young") as made:
        young = own_node(made, other, "THCS Thuận Hoà", CODE)
        young.report()
        minute(five_nodes, young)

        assert [knows(place, CODE) for place in (one, five_nodes.old, five_nodes.new)] == [name_of(young)] * 3
        assert knows(young, "82300011") == name_of(five_nodes.old)
        # Its department tells of it and reports it; every node asks once for that one change.
        assert asked(other) == ["/batches", "/nodes", "/schools/changed"]
        for place in (one, five_nodes.old, five_nodes.new):
            assert asked(place) == ["/schools/changed"]
        with five_nodes.old.node.inside():
            assert AuditRow.objects.filter(verb="far_schools.listed").latest("id").details["schools"] == 1
        forget(five_nodes, young)
        minute(five_nodes, young)
        assert [asked(place) for place in (*five_nodes.places, young)] == [[]] * 5


def test_nodes_that_were_away_hear_of_all_changes_with_one_request_when_they_are_back(five_nodes: Chain) -> None:
    """Also where an answer is lost, the node above is of an older version, or somebody forges what is no secret."""
    quiet(five_nodes)
    one, old, new = five_nodes.departments[0], five_nodes.old, five_nodes.new
    one.line.loses = lambda _path: "request"
    for name in ("THCS Vỹ Dạ 2", "THCS Vỹ Dạ 3"):
        renamed(new, name)
        minute(five_nodes)
    assert called(old) == "THCS Vỹ Dạ"
    one.line.loses = nothing_lost
    forget(five_nodes)
    minute(five_nodes)
    assert (called(one), called(old)) == ("THCS Vỹ Dạ 3", "THCS Vỹ Dạ 3")
    assert (asked(one), asked(old)) == (["/schools/changed"], ["/schools/changed"])

    renamed(new, "THCS Vỹ Dạ 4")
    old.line.loses = lambda path: "answer" if path == "/schools/changed" else ""
    minute(five_nodes)
    assert called(old) == "THCS Vỹ Dạ 3"
    old.line.loses = nothing_lost
    minute(five_nodes)
    assert called(old) == "THCS Vỹ Dạ 4"

    forged(old)
    of_an_older_version(old)
    renamed(new, "THCS Vỹ Dạ 5")
    forget(five_nodes)
    minute(five_nodes)
    assert (asked(old), called(old)) == ([], "THCS Vỹ Dạ 4")
    with old.node.inside():
        Peer.objects.filter(direction="above").update(listed_at=clock.now() - timedelta(hours=13))
    minute(five_nodes)
    assert (asked(old), called(old)) == (["/schools"], "THCS Vỹ Dạ 5")


def says(place: Place, listed: str | None) -> None:
    """The node above says something else of its list than it does, or nothing."""
    real = type(place.line).handle_request

    def lying(request):
        answer = real(place.line, request)
        answer.headers.pop("Khue-Listed", None)
        if listed is not None:
            answer.headers["Khue-Listed"] = listed
        return answer

    place.line.handle_request = lying


def forged(place: Place) -> None:
    """A hint that somebody forged costs one request and changes nothing."""
    with place.node.inside():
        before = list(FarSchool.objects.order_by("code").values_list("code", "name", "node_id"))
    for listed, costs in (("9" * 18, 1), ("9" * 30, 0), ("-1", 0), ("x", 0), ("1e3", 0)):
        says(place, listed)
        place.line.asked.clear()
        assert place.minute()
        assert asked(place) == ["/schools/changed"] * costs, listed
    with place.node.inside():
        assert list(FarSchool.objects.order_by("code").values_list("code", "name", "node_id")) == before


def of_an_older_version(place: Place) -> None:
    says(place, None)


def test_a_node_above_that_was_restored_tells_again_what_it_had_forgotten(five_nodes: Chain) -> None:
    """What was told after the backup is kept below; what comes later, as that a school closed, is told like ever."""
    quiet(five_nodes)
    one, old, new = five_nodes.departments[0], five_nodes.old, five_nodes.new
    backup = five_nodes.ministry.back_up()
    renamed(new, "THCS Vỹ Dạ 2")
    minute(five_nodes)
    five_nodes.ministry.restore(backup)
    minute(five_nodes)
    assert called(old) == "THCS Vỹ Dạ 2"
    renamed(new, "THCS Vỹ Dạ 3")
    minute(five_nodes)
    assert (called(one), called(old)) == ("THCS Vỹ Dạ 3", "THCS Vỹ Dạ 3")

    with five_nodes.ministry.inside():
        ReportedRecord.objects.filter(kind="school", school_code="46300099").update(event="CANCEL")
    with five_nodes.ministry.at():
        tasks.list_schools_below()
    minute(five_nodes)
    assert [knows(place, "46300099") for place in (one, old)] == [None, None]
    strangers_hear_of_no_changes(five_nodes)


def strangers_hear_of_no_changes(chain: Chain) -> None:
    with chain.departments[0].node.at():
        answer = Client().post(
            "/api/exchange/schools/changed", b"0", content_type="application/octet-stream",
            headers={"authorization": "Bearer x"},
        )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (401, "not_a_peer")
    assert "Khue-Listed" not in answer.headers
    with chain.old.node.at(), chain.old.caller() as caller:
        for body in ("", "0", None, 2**63, -1):
            with pytest.raises(PeerRefused) as refused:
                caller._ask("/schools/changed", json.dumps(body).encode(), dict)
            assert refused.value.code == "not_valid"
