"""A pupil moves from one province to another, by letters between their nodes."""

from django.http import HttpResponse
from django.test import Client

from khue.foundation import clock
from khue.foundation.actor import ANONYMOUS
from khue.identity import actions as identity
from khue.identity.models import Account
from khue.moves.models import Move
from khue.moves.tests.country import Country, filed
from khue.procedures.models import Case
from khue.registry.models import Guardianship, Person
from khue.schools.models import Enrolment


def accepted(provinces: Country) -> Case:
    case = filed(provinces.new, provinces.child, ANONYMOUS)
    new = provinces.new.school
    provinces.new.does(
        "review", new.head, decision="accept", old_school="82300011", school_class=str(new.school_class.id)
    )
    return case


def released(provinces: Country) -> None:
    provinces.old.does("release", provinces.old.school.clerk, decision="release", pupil=str(provinces.child.id))


def states(provinces: Country) -> list[tuple[str, str]]:
    return [
        place.call(lambda: Move.objects.values_list("state", "their_state").get())
        for place in (provinces.new, provinces.old)
    ]


def test_a_pupil_moves_between_two_nodes_and_is_in_one_class(provinces: Country) -> None:
    name, today = provinces.child.full_name, f"{clock.today()}"
    accepted(provinces)
    provinces.turns(1)
    assert states(provinces) == [("asking", ""), ("open", "asking")]

    released(provinces)
    assert name not in dict(provinces.old.places())
    provinces.turns(2)

    assert states(provinces) == [("begun", "released"), ("released", "begun")]
    with provinces.new.node.inside():
        moved = Person.objects.get(national_id="082215000123")
        assert (moved.organisation_id, moved.birth_year) == (provinces.new.school.organisation.id, 2015)
        place = Enrolment.objects.get(person=moved, ends_on=None)
        assert (place.school_class_id, f"{place.starts_on}") == (provinces.new.school.school_class.id, today)
        assert Guardianship.objects.get(child=moved).guardian.full_name == f"Phụ huynh {name}"
        assert Case.objects.get().ends == "granted"
        assert Move.objects.get().record == "none"
    with provinces.old.node.inside():
        old = Enrolment.objects.get(person_id=provinces.child.id)
        assert (old.status, f"{old.ends_on}") == ("transferred", today)
        assert Case.objects.get().ends == "granted"


def test_between_a_schools_own_node_and_its_department_letters_need_nobody_between(two_nodes: Country) -> None:
    """The node above is a party itself: it reads what is handed over to it, and keeps its own letters to be fetched."""
    accepted(two_nodes)
    two_nodes.turns(1)
    released(two_nodes)
    two_nodes.turns(3)

    assert states(two_nodes) == [("begun", "released"), ("released", "begun")]
    with two_nodes.new.node.inside():
        assert Person.objects.get(national_id="082215000123").organisation_id == two_nodes.new.school.organisation.id


def test_the_office_reads_on_its_page_what_the_family_reads(provinces: Country) -> None:
    case, new = accepted(provinces), provinces.new.school

    def page(account: Account) -> HttpResponse:
        client = Client()
        with provinces.new.node.inside():
            client.cookies["khue_session"] = identity.open_session(
                account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=True
            )
        with provinces.new.node.at():
            return client.get(f"/procedures/cases/{case.public_id}/")

    for account in (new.head, new.clerk):
        assert "Yêu cầu đang được gửi tới hệ thống của trường" in page(account).content.decode()
    provinces.turns(2)
    assert "Đang chờ trường cho chuyển đi; em vẫn học ở đó" in page(new.clerk).content.decode()
    assert page(new.teacher).status_code == 404
