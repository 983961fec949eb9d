"""Compiled queries: written once, asked with other values, and never with a day of long ago."""

from collections.abc import Callable, Collection
from datetime import datetime

import pytest
from django.db.models import Count, Q, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import clock
from khue.foundation.actor import Actor, Held
from khue.foundation.compiled import compiled
from khue.foundation.models import Job, StoredFile

pytestmark = pytest.mark.django_db


@compiled
def _of(organisation: int | None, since: datetime) -> QuerySet[Job]:
    rows = Job.objects.filter(organisation_id=organisation, created_at__gte=since)
    return rows.select_related("report_file").order_by("id")


@compiled
def _kinds(organisations: Collection[int]) -> QuerySet[Job, tuple[str, int]]:
    rows = Job.objects.filter(organisation_id__in=organisations).values("kind").annotate(number=Count("id"))
    return rows.order_by("kind").values_list("kind", "number")


@compiled
def _seen_by(actor: Actor) -> QuerySet[Job, str]:
    places = actor.organisations("read")
    own = Q(account_id=actor.account_id) | Q(account_id__in=sorted(actor.wards | {actor.person_id or 0}))
    rows = Job.objects.filter(own if places is None else own | Q(organisation_id__in=sorted(places)))
    return rows.order_by("kind").values_list("kind", flat=True)


def test_the_same_statement_answers_for_other_values() -> None:
    _job("a", 1)
    _job("b", 2)

    found = [[job.kind for job in _of(organisation, clock.now())] for organisation in (1, 2, 3)]

    assert found == [[], [], []]
    assert [[job.kind for job in _of(organisation, LONG_AGO)] for organisation in (1, 2, 3)] == [["a"], ["b"], []]


def test_none_is_asked_for_as_none() -> None:
    _job("a", 1)
    _job("nobody's", None)

    assert [job.kind for job in _of(None, LONG_AGO)] == ["nobody's"]
    assert [job.kind for job in _of(1, LONG_AGO)] == ["a"]


def test_relations_come_with_the_rows(django_assert_num_queries: Callable) -> None:
    _job("a", 1)
    report = StoredFile.objects.create(
        size=1, media_type="text/plain", name="report", sha256="0", stored_at=clock.now()
    )
    Job.objects.update(report_file=report)

    with django_assert_num_queries(1):
        [job] = _of(1, LONG_AGO)
        assert (job.report_file, job.arguments) == (report, {"some": "thing"})


def test_instances_are_those_that_the_query_itself_makes(django_assert_num_queries: Callable) -> None:
    _job("a", 1)
    [same] = Job.objects.select_related("report_file").order_by("id")

    [job] = _of(1, LONG_AGO)

    assert job == same
    assert (job.report_file, job._state.adding, job._state.db) == (None, False, "default")
    assert {**vars(job), "_state": None} == {**vars(same), "_state": None}
    with django_assert_num_queries(1):
        job.kind = "b"
        job.save(update_fields=["kind"])
    assert Job.objects.get().kind == "b"


def test_columns_that_are_left_out_are_fetched_when_they_are_read(django_assert_num_queries: Callable) -> None:
    @compiled
    def kinds(organisation: int) -> QuerySet[Job]:
        return Job.objects.filter(organisation_id=organisation).only("kind").annotate(number=Count("id"))

    _job("a", 1)
    [job] = kinds(1)

    assert job.get_deferred_fields() >= {"created_at", "arguments"}
    with django_assert_num_queries(1):
        assert (job.kind, job.number, job.arguments) == ("a", 1, {"some": "thing"})  # type: ignore[attr-defined]


def test_a_model_that_does_more_when_it_is_made_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Job, "from_db", classmethod(lambda cls, *_values: cls()))

    with pytest.raises(TypeError, match="Job"):
        compiled(lambda organisation: Job.objects.filter(organisation_id=organisation))(1)


def test_a_list_may_have_any_length() -> None:
    for kind, organisation in (("a", 1), ("a", 2), ("b", 3)):
        _job(kind, organisation)

    assert _kinds([1, 2, 3]) == [("a", 2), ("b", 1)]
    assert _kinds([3]) == [("b", 1)]
    assert _kinds(frozenset()) == []


def test_rules_of_visibility_hold_for_every_actor_of_the_same_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.permissions.granting", lambda _permission: {"head"})
    for kind, organisation, account in (("a", 1, 7), ("b", 2, 8), ("c", 3, 9)):
        _job(kind, organisation, account)

    assert _seen_by(_head({1}, account=9)) == ["a", "c"]
    assert _seen_by(_head({1, 2}, account=5)) == ["a", "b"]
    assert _seen_by(_head({3}, account=5, wards={7, 8})) == ["a", "b", "c"]
    assert _seen_by(_head(None, account=8)) == ["b"]
    assert _seen_by(Actor(account_id=8, held=(Held("pupil", 1, frozenset({1})),))) == ["b"]


PLACES = st.integers(1, 3)
ROLES = st.builds(Held, st.sampled_from(["head", "clerk", "pupil"]), PLACES, st.none() | st.frozensets(PLACES))
ACTORS = st.builds(
    Actor, account_id=st.none() | PLACES, person_id=st.none() | PLACES, held=st.lists(ROLES, max_size=3).map(tuple),
    wards=st.frozensets(PLACES),
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(someone=ACTORS, others=st.lists(PLACES, max_size=3))
def test_whoever_asks_is_told_what_the_query_itself_would_tell(
    monkeypatch: pytest.MonkeyPatch, someone: Actor, others: list[int]
) -> None:
    monkeypatch.setattr("khue.foundation.permissions.granting", lambda _permission: {"head", "clerk"})
    if not Job.objects.exists():
        for number in range(9):
            _job(f"{number}", number // 3 + 1, number % 3 + 1)

    assert _seen_by(someone) == list(_seen_by.__wrapped__(someone))  # type: ignore[attr-defined]  # the function itself
    assert _kinds(others) == list(_kinds.__wrapped__(others))  # type: ignore[attr-defined]  # the function itself
    assert _of_the_place_itself(someone) == list(_of_the_place_itself.__wrapped__(someone))  # type: ignore[attr-defined]  # likewise


@compiled
def _of_the_place_itself(actor: Actor) -> QuerySet[Job, str]:
    rows = Job.objects.filter(organisation_id__in=[held.organisation for held in actor.held])
    return rows.order_by("kind").values_list("kind", flat=True)


def test_the_place_of_a_role_is_that_of_whoever_asks() -> None:
    _job("a", 1)
    _job("b", 2)

    asked = [Actor(account_id=7, held=(Held("head", place, covers),)) for place in (1, 2) for covers in (None, ALL)]

    assert [_of_the_place_itself(actor) for actor in asked] == [["a"], ["a"], ["b"], ["b"]]


def test_a_query_that_asks_where_a_role_reaches_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    @compiled
    def where_it_reaches(actor: Actor) -> QuerySet[Job]:
        return Job.objects.filter(
            organisation_id__in=[h.organisation for h in actor.held if actor.may("read", h.organisation)]
        )

    monkeypatch.setattr("khue.foundation.permissions.granting", lambda _permission: {"head"})

    with pytest.raises(TypeError, match="give it the places"):
        where_it_reaches(_head({1}, account=7))


def test_a_rule_that_leaves_nothing_asks_nothing(django_assert_num_queries: Callable) -> None:
    @compiled
    def nothing(organisation: int) -> QuerySet[Job]:
        return Job.objects.filter(Q(pk__in=()), organisation_id=organisation)

    with django_assert_num_queries(0):
        assert nothing(1) == []


def test_a_query_that_asks_the_clock_is_refused() -> None:
    @compiled
    def since_today() -> QuerySet[Job]:
        return Job.objects.filter(created_at__gte=clock.now())

    with pytest.raises(TypeError, match="given its day"):
        since_today()


ALL = frozenset({1, 2})
LONG_AGO = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


def _job(kind: str, organisation: int | None, account: int | None = None) -> None:
    Job.objects.create(
        kind=kind,
        organisation_id=organisation,
        account_id=account,
        created_at=datetime.fromisoformat("2026-09-05T00:00:00+00:00"),
        arguments={"some": "thing"},
    )


def _head(places: set[int] | None, *, account: int, wards: Collection[int] = ()) -> Actor:
    covers = None if places is None else frozenset(places)
    return Actor(account_id=account, person_id=None, held=(Held("head", 1, covers),), wards=frozenset(wards))
