from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.identity import actions, queries
from khue.identity.consents import ages, who_must_agree
from khue.identity.models import Account, Consent
from khue.identity.tests.browsing import own_queries
from khue.registry.models import Guardianship, Person
from khue.registry.queries import PartialDate
from tests.world import NOON, TODAY, World, actor, person

VERSION = "2026-11"


@pytest.mark.parametrize(
    ("year", "month", "day", "discloses", "needed"),
    [
        (2020, 1, 1, True, {"representative"}),            # six
        (2019, 11, 23, True, {"self", "representative"}),  # seven today
        (2019, 11, 24, True, {"representative"}),          # seven tomorrow
        (2015, 3, 2, True, {"self", "representative"}),
        (2015, 3, 2, False, {"representative"}),
        (2010, 11, 23, True, {"self"}),                    # sixteen today
        (2010, 11, 24, False, {"representative"}),
        (2010, None, None, False, {"self", "representative"}),  # fifteen or sixteen: both
        (None, None, None, True, {"self", "representative"}),
    ],
)  # fmt: skip
def test_who_must_agree(year, month, day, discloses: bool, needed: set) -> None:
    assert who_must_agree(PartialDate(year, month, day), discloses=discloses, on=TODAY) == needed


@given(st.dates(date(1930, 1, 1), TODAY), st.booleans())
def test_knowing_less_of_a_birth_date_never_asks_fewer(born: date, discloses: bool) -> None:
    known = [PartialDate(born.year, born.month, born.day), PartialDate(born.year, born.month), PartialDate(born.year)]
    needed = [who_must_agree(birth, discloses=discloses, on=TODAY) for birth in known]
    least, most = ages(known[2], TODAY)

    assert needed[0] <= needed[1] <= needed[2]
    assert least <= ages(known[0], TODAY)[0] <= most
    assert needed[0]


def say(account: Account, about: Person, world: World, purpose: str = "photos", version: str = VERSION) -> Consent:
    return actions.give_consent(
        actor=queries.actor_of(account.id, on=TODAY),
        person=about,
        organisation=world.here.organisation,
        purpose=purpose,
        text_version=version,
        at=NOON,
    )


@pytest.fixture
def child(world: World) -> Person:
    return world.here.pupils[0].person


@pytest.fixture
def mother(world: World) -> Account:
    return world.here.guardians[0]


def test_a_picture_is_shown_only_when_child_and_representative_agree(
    world: World, child: Person, mother: Account
) -> None:
    said = []
    for account in (mother, world.here.pupils[0]):
        said.append(queries.agreed([child], "photos", on=TODAY))
        say(account, child, world)
    said.append(queries.agreed([child], "photos", on=TODAY))

    assert said == [set(), set(), {child.id}]


def test_taking_back_counts_at_once_and_stays_in_the_ledger(world: World, child: Person, mother: Account) -> None:
    say(world.here.pupils[0], child, world)
    consent = say(mother, child, world)

    actions.withdraw_consent(actor=queries.actor_of(mother.id, on=TODAY), consent=consent, at=NOON)

    assert queries.agreed([child], "photos", on=TODAY) == set()
    kept = Consent.objects.get(id=consent.id)
    assert (kept.withdrawn_at, kept.withdrawn_by_id, kept.text_version) == (NOON, mother.person_id, VERSION)


def test_another_wording_asks_again(world: World, child: Person, mother: Account) -> None:
    with pytest.raises(actions.TextHasChanged):
        say(mother, child, world, version="2025-01")

    assert not Consent.objects.exists()


def test_a_yes_stands_once(world: World, child: Person, mother: Account) -> None:
    say(mother, child, world)

    with pytest.raises(actions.ConsentStandsAlready):
        say(mother, child, world)

    assert Consent.objects.count() == 1


@pytest.mark.parametrize("change", [{"is_barred": True}, {"valid_to": date(2026, 9, 30)}])
def test_a_barred_or_former_guardian_decides_nothing(
    world: World, child: Person, mother: Account, change: dict
) -> None:
    Guardianship.objects.filter(guardian=mother.person).update(**change)

    with pytest.raises(Forbidden):
        say(mother, child, world)

    assert not Consent.objects.exists()


def test_a_guardian_who_may_not_decide_is_told_so(world: World, child: Person, mother: Account) -> None:
    Guardianship.objects.filter(guardian=mother.person).update(may_decide=False)

    with pytest.raises(actions.MayNotDecide):
        say(mother, child, world)

    assert not Consent.objects.exists()


@pytest.mark.parametrize("who", ["head", "teacher", "clerk"])
def test_no_school_says_yes_for_a_child(world: World, child: Person, who: str) -> None:
    with pytest.raises(Forbidden):
        say(getattr(world.here, who), child, world)

    assert not Consent.objects.exists()


def test_another_guardian_cannot_say_yes_or_take_it_back(world: World, child: Person, mother: Account) -> None:
    stranger = world.here.guardians[1]
    consent = say(mother, child, world)

    with pytest.raises(Forbidden):
        say(stranger, child, world)
    with pytest.raises(Forbidden):
        actions.withdraw_consent(actor=queries.actor_of(stranger.id, on=TODAY), consent=consent, at=NOON)

    assert Consent.objects.get().withdrawn_at is None


def test_a_yes_on_paper_is_entered_by_the_school_for_whoever_signed(
    world: World, child: Person, mother: Account
) -> None:
    consent = actions.record_consent_on_paper(
        actor=actor(world.here.clerk), person=child, decided_by=mother.person, organisation=world.here.organisation,
        purpose="research", text_version=VERSION, at=NOON,
    )  # fmt: skip

    assert (consent.channel, consent.capacity, consent.recorded_by_id) == (
        "paper",
        "representative",
        world.here.clerk.id,
    )
    with pytest.raises(actions.MayNotDecide):
        actions.record_consent_on_paper(
            actor=actor(world.here.clerk), person=child, decided_by=world.here.guardians[1].person,
            organisation=world.here.organisation, purpose="photos", text_version=VERSION, at=NOON,
        )  # fmt: skip


def test_consents_of_another_school_are_invisible(world: World, child: Person, mother: Account) -> None:
    say(mother, child, world)

    with scope.of(actor(world.elsewhere.head)):
        assert list(Consent.objects.all()) == []


def test_the_page_ticks_nothing_beforehand_and_records_a_click(
    client_of, world: World, child: Person, mother: Account
) -> None:
    browser = client_of(mother)

    shown = browser.get("/privacy/").text
    browser.post(f"/privacy/people/{child.public_id}/", {"purpose": "photos", "version": VERSION})
    waiting = browser.get("/privacy/").text
    browser.post(f"/privacy/{Consent.objects.get().public_id}/withdraw/")

    assert "checked" not in shown
    assert shown.count("Tôi đồng ý") == 3
    assert "Còn chờ học sinh đồng ý" in waiting
    assert Consent.objects.get().withdrawn_at is not None


def test_the_page_of_another_child_is_unknown(client_of, world: World) -> None:
    browser = client_of(world.here.guardians[0])
    other = world.here.pupils[1].person
    elsewhere = world.elsewhere.pupils[0].person

    answers = [
        browser.post(f"/privacy/people/{them.public_id}/", {"purpose": "photos", "version": VERSION})
        for them in (other, elsewhere)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Consent.objects.exists()


@pytest.mark.parametrize("children", [1, 10])
def test_the_page_costs_the_same_for_any_number_of_children(
    client_of, world: World, mother: Account, children: int
) -> None:
    for number in range(children):
        child = person(f"Em {number}", world.here.organisation, "pupil", birth_year=2015)
        Guardianship.objects.create(
            organisation=world.here.organisation, child=child, guardian=mother.person, relationship="mother",
            valid_from=date(2026, 9, 7),
        )  # fmt: skip
    assert own_queries(client_of(mother), "/privacy/") == 4


def test_nobody_reads_a_consent_by_its_address(world: World, mother: Account, child: Person) -> None:
    consent = say(mother, child, world)

    with pytest.raises(NotFound):
        queries.consent_of(queries.actor_of(world.here.guardians[1].id, on=TODAY), consent.public_id)
