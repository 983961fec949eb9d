"""Those who sign on paper: the form to print, and the office that writes the signature down."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow, OutboxEvent
from khue.identity import actions, queries
from khue.identity.models import Account, Consent
from khue.registry.models import Guardianship
from tests.world import NOON, TODAY, World, actor, person

ClientOf = Callable[[Account], Client]


def test_the_office_writes_down_what_a_guardian_signed(world: World, client_of: ClientOf) -> None:
    child, mother = world.here.pupils[0].person, world.here.guardians[0].person
    clerk = client_of(world.here.clerk)
    path = f"/privacy/paper/{child.public_id}/"

    assert f'href="{path}"' in clerk.get(f"/people/{child.public_id}/").content.decode()
    assert clerk.post(f"{path}record/", {"decided_by": mother.id}).status_code == 422
    given = {"decided_by": mother.id, "purpose": ["photos", "research"]}
    assert clerk.post(f"{path}record/", given).status_code == 303

    rows = Consent.objects.filter(person=child).order_by("purpose")
    assert [(c.purpose, c.decided_by_id, c.channel, c.capacity) for c in rows] == [
        ("photos", mother.id, "paper", "representative"),
        ("research", mother.id, "paper", "representative"),
    ]
    assert AuditRow.objects.filter(verb="consent.given", account_id=world.here.clerk.id).count() == 2
    assert clerk.post(f"{path}record/", given).status_code == 422  # it stands already
    assert Consent.objects.count() == 2


def test_a_withdrawal_on_paper_counts_at_once_and_stays_as_history(world: World, client_of: ClientOf) -> None:
    child, mother = world.here.pupils[0].person, world.here.guardians[0].person
    clerk = client_of(world.here.clerk)
    path = f"/privacy/paper/{child.public_id}/"
    clerk.post(f"{path}record/", {"decided_by": mother.id, "purpose": ["research"]})
    consent = Consent.objects.get()

    assert client_of(world.elsewhere.clerk).post(f"/privacy/paper/{consent.public_id}/withdraw/").status_code == 404
    assert clerk.post(f"/privacy/paper/{consent.public_id}/withdraw/").status_code == 303

    consent.refresh_from_db()
    assert (consent.withdrawn_by_id, consent.withdrawn_at is not None) == (mother.id, True)
    assert queries.agreed([child], "research", on=TODAY) == set()
    assert OutboxEvent.objects.filter(name="identity.consent_withdrawn").count() == 1
    assert AuditRow.objects.get(verb="consent.withdrawn").details["channel"] == "paper"
    assert "Rút lại: Nghiên cứu giáo dục" in clerk.get(path).content.decode()


def test_only_who_may_decide_signs(world: World, client_of: ClientOf) -> None:
    child = world.here.pupils[0].person
    uncle = person("Nguyễn Văn Chú", world.here.organisation, "guardian")
    Guardianship.objects.create(
        organisation=world.here.organisation, child=child, guardian=uncle, relationship="other", may_decide=False,
        valid_from=TODAY,
    )  # fmt: skip
    clerk = client_of(world.here.clerk)
    path = f"/privacy/paper/{child.public_id}/record/"

    assert clerk.post(path, {"decided_by": uncle.id, "purpose": ["photos"]}).status_code == 422
    with pytest.raises(actions.MayNotDecide):
        actions.record_consent_on_paper(
            actor=actor(world.here.clerk), person=child, decided_by=uncle, organisation=world.here.organisation,
            purpose="photos", text_version="2026-11", at=NOON,
        )  # fmt: skip

    assert not Consent.objects.exists()


def test_nobody_else_writes_down_or_takes_back(world: World, client_of: ClientOf) -> None:
    child, mother = world.here.pupils[0].person, world.here.guardians[0].person
    given = {"decided_by": mother.id, "purpose": ["photos"]}
    path = f"/privacy/paper/{child.public_id}/"

    for stranger in (world.here.teacher, world.elsewhere.clerk, world.here.guardians[0], world.here.pupils[0]):
        assert client_of(stranger).get(path).status_code == 404
        assert client_of(stranger).get(f"{path}form/").status_code == 404
        assert client_of(stranger).post(f"{path}record/", given).status_code == 404
    assert client_of(world.here.clerk).get(f"/privacy/paper/{uuid4()}/").status_code == 404
    assert not Consent.objects.exists()

    actions.record_consent_on_paper(
        actor=actor(world.here.clerk), person=child, decided_by=mother, organisation=world.here.organisation,
        purpose="photos", text_version="2026-11", at=NOON,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        actions.record_withdrawal_on_paper(
            actor=actor(world.here.teacher), consent=Consent.objects.get(), withdrawn_by=mother, at=NOON
        )
    assert Consent.objects.get().withdrawn_at is None


def test_the_printed_form_asks_everything_and_ticks_nothing(world: World, client_of: ClientOf) -> None:
    child = world.here.pupils[0].person

    page = client_of(world.here.clerk).get(f"/privacy/paper/{child.public_id}/form/").content.decode()

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert child.full_name in page
    assert page.count("☐") == 6  # three purposes, yes and no
    assert "☑" not in page
    assert "Người học" in page  # eleven years old: signs beside the representative


def test_the_page_costs_the_same_for_one_signature_and_for_many(world: World) -> None:
    child, mother = world.here.pupils[0].person, world.here.guardians[0].person
    clerk = actor(world.here.clerk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.paper_page(clerk, child.public_id, on=TODAY)
        return len(captured.captured_queries)

    def sign_and_take_back(times: int) -> None:
        for _ in range(times):
            made = actions.record_consent_on_paper(
                actor=clerk, person=child, decided_by=mother, organisation=world.here.organisation, purpose="photos",
                text_version="2026-11", at=NOON,
            )  # fmt: skip
            actions.record_withdrawal_on_paper(actor=clerk, consent=made, withdrawn_by=mother, at=NOON)

    sign_and_take_back(1)
    few = cost()
    sign_and_take_back(9)

    assert few == cost() == 3
