"""Everybody asks the API all that its document allows, and much that it does not: each answer is one that it names."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from khue.curriculum import queries as curriculum
from khue.foundation import api
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.registry.models import Person
from tests.api import asking
from tests.world import World

pytestmark = pytest.mark.django_db

SECRET = "Khuất Kín"
ASKERS: dict[str, Callable[[World], Account]] = {
    "head": lambda world: world.here.head,
    "teacher": lambda world: world.here.teacher,
    "pupil": lambda world: world.here.pupils[0],
    "guardian": lambda world: world.here.guardians[0],
    "officer": lambda world: world.department_officer,
}


@pytest.fixture
def hidden(world: World) -> World:
    """Whoever stands in the other school has a name that no answer may hold."""
    place = world.elsewhere.organisation
    Person.objects.filter(organisation=place).update(full_name=SECRET)
    type(place).objects.filter(id=place.id).update(name=SECRET)
    return world


def asked(headers: dict[str, str], examples: int, cookies: dict[str, str] | None = None) -> list[int]:
    """Ask at every address, rightly and wrongly. Returns the statuses of the answers."""
    statuses: list[int] = []
    audited = AuditRow.objects.count()

    def check(case: Case, checks: list) -> None:
        answer = case.call(headers=headers, cookies=cookies)
        case.validate_response(answer, checks=checks)
        assert SECRET not in answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"]
            assert answer.json()["status"] == answer.status_code
        statuses.append(answer.status_code)

    for operation in asking.operations("/api/"):
        right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        is_for_nodes = "/exchange/" in operation.path  # whoever is no node gets the same answer whatever it brings
        asking.every(right, 1 if is_for_nodes else examples, lambda case: check(case, asking.FORESEEN))
        if not is_for_nodes:
            wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            asking.every(wrong, examples, lambda case: check(case, asking.REFUSES_WHAT_IS_WRONG))
    assert AuditRow.objects.count() == audited
    return statuses


def test_the_document_that_is_served_is_the_one_that_is_tried(client: Client) -> None:
    assert client.get("/api/openapi.json").json() == json.loads(json.dumps(dict(api.root().get_openapi_schema())))
    assert len(asking.operations("/api/curriculum/")) == 4
    assert len(asking.operations("/api/exchange/")) == 15


@pytest.mark.parametrize("who", ASKERS)
def test_whoever_asks_gets_an_answer_that_the_document_names(who: str, hidden: World, client_of) -> None:
    session = client_of(ASKERS[who](hidden)).cookies["khue_session"].value

    statuses = asked({"Authorization": f"Bearer {session}"}, 4)

    assert {200, 401, 404, 422} <= set(statuses)


def test_a_program_without_a_name_gets_answers_that_the_document_names(hidden: World) -> None:
    assert {200, 401, 404, 422} <= set(asked({"Authorization": "Bearer none"}, 12))


def test_a_browser_that_brings_no_token_of_forms_may_read_and_change_nothing(hidden: World, client_of) -> None:
    session = client_of(hidden.here.head).cookies["khue_session"].value

    assert {200, 403, 404, 422} <= set(asked({}, 3, {"khue_session": session}))


QUESTIONS = st.fixed_dictionaries(
    {
        "grade": st.integers(0, 13) | st.integers(), "on": st.dates().map(str) | st.text(max_size=12),
        "q": st.text(max_size=40) | st.sampled_from(["phân số", "số"]),
    }
)  # fmt: skip


def test_what_exists_is_found_in_the_shape_that_the_document_says(db: None) -> None:
    subject = str(curriculum.subject_by_code("TOAN").public_id)
    found: set[tuple[str, int]] = set()

    def check(given: dict) -> None:
        for path, values, query in (
            ("/api/curriculum/grades/{grade}/subjects", {"grade": given["grade"]}, {"on": given["on"]}),
            ("/api/curriculum/subjects/{subject}/outcomes", {"subject": subject}, {"grade": given["grade"]}),
            ("/api/curriculum/outcomes", {}, {"q": given["q"], "grade": given["grade"], "subject": subject}),
            ("/api/curriculum/case/CFPackages/{subject}", {"subject": subject}, {}),
        ):
            case = asking.document()[path]["GET"].Case(path_parameters=values, query=query)
            answer = case.call()
            case.validate_response(answer, checks=asking.FORESEEN)
            found.add((path, answer.status_code))

    asking.every(QUESTIONS, 25, check)
    assert {path for path, status in found if status == 200} == {path for path, _status in found}
    assert len({path for path, _status in found}) == 4


@pytest.mark.parametrize("method", ["put", "delete", "patch", "get"])
def test_another_way_of_asking_is_refused_by_a_problem_that_says_which_there_are(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/exchange/nonce")

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert (answer["Allow"], answer.json()["title"]) == ("POST", "method_not_allowed")
