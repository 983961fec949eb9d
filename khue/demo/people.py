"""Staff, pupils and families of a generated school, with their accounts."""

from dataclasses import dataclass
from datetime import date, datetime

from khue.demo.loader import Loader
from khue.demo.names import person_name
from khue.foundation.text import name_sort_key
from khue.identity.models import Account, Grant, Handle
from khue.registry.models import Affiliation, Guardianship, Person

#: The province whose digits begin a code, and one in so many files that has none yet.
PROVINCE = "82"
UNFINISHED = 37


@dataclass(frozen=True)
class Being:
    """A generated person with an account."""

    person_id: int
    account_id: int
    name: str
    user_name: str


@dataclass(frozen=True)
class Moment:
    """When everything was entered: the first day of the school year and the instant of the load."""

    first_day: date
    at: datetime


def add_person(
    load: Loader, place: int, kind: str, when: Moment, *, is_girl: bool, born: int, family: str = "", email: str = ""
) -> tuple[int, str]:
    """A person who belongs to a place. Returns the key and the name.

    Pupils and staff have the Ministry's code, but for a few whose file is not finished. Nobody has a personal number:
    one that is well formed could be a living person's.
    """
    name = person_name(load.random, is_girl=is_girl, family=family)
    chance = load.random
    key = load.key(Person)
    load.row(
        Person,
        id=key,
        moet_code=f"{PROVINCE}{key:08}" if kind != "guardian" and key % UNFINISHED else None,
        organisation_id=place,
        full_name=name,
        sort_key=name_sort_key(name),
        sex="2" if is_girl else "1",
        birth_year=born,
        birth_month=chance.randint(1, 12),
        birth_day=chance.randint(1, 28),
        ethnicity="01",
        email=email,
    )
    load.row(Affiliation, person_id=key, organisation_id=place, kind=kind, valid_from=when.first_day)
    return key, name


def add_account(
    load: Loader, person_id: int | None, name: str, user_name: str, roles: list[tuple[str, int]], when: Moment
) -> int:
    """An account without a password: people activate it. roles: (role, organisation)."""
    key = load.row(
        Account,
        user_name=user_name,
        person_id=person_id,
        display_name=name,
        created_at=when.at,
    )
    load.row(Handle, account_id=key, kind="user_name", value=user_name, verified_at=when.at)
    for role, organisation in roles:
        load.row(Grant, account_id=key, role=role, organisation_id=organisation, valid_from=when.first_day)
    return key


def add_family(load: Loader, place: int, child: int, child_name: str, user_name: str, when: Moment) -> Being:
    """A mother or father of a child, with an account."""
    is_mother = load.random.random() < 0.55
    family = "" if is_mother else child_name.split(" ", 1)[0]
    born = load.random.randint(1972, 1992)
    email = f"{user_name}@example.vn"
    person, name = add_person(load, place, "guardian", when, is_girl=is_mother, born=born, family=family, email=email)
    load.row(
        Guardianship,
        organisation_id=place,
        child_id=child,
        guardian_id=person,
        relationship="mother" if is_mother else "father",
        valid_from=when.first_day,
    )
    account = add_account(load, person, name, user_name, [("guardian", place)], when)
    return Being(person, account, name, user_name)
