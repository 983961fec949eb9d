"""Announcements, surveys and consent sheets in a real browser: on a phone and on a desk, to axe and by what fits."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from khue.foundation import clock
from khue.identity.models import Account
from khue.identity.tests.browsing import SECRET
from khue.messaging import actions, queries
from khue.messaging.models import ConsentSignature, SurveyReply
from khue.messaging.tests.classes import (
    announced,
    asked_sheet,
    asked_survey,
    begun_survey,
    copy_for,
    second_guardian,
    signed,
    with_password,
)
from khue.messaging.tests.test_surveys import GOOD, typed
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, unsound
from tests.world import NOON, World, actor

if TYPE_CHECKING:
    from playwright.sync_api import Page

ClientOf = Callable[[Account], Client]


@pytest.fixture
def a_class(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[World, list[tuple[Account, str]]]:
    """Class 6A with one of everything, and the pages to look at with whoever looks."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    here = world.here
    mother, teacher = here.guardians[0], here.teacher
    father = second_guardian(here)
    with_password(mother, father, here.guardians[1])
    told = announced(here, asks="receipt", pinned_until=NOON.date() + timedelta(days=2), urgent_reason="Bão số 9")
    survey, draft = asked_survey(here), begun_survey(here, subject="Khảo sát sắp gửi")
    sheet = asked_sheet(here)
    copies = [copy_for(here.pupils[0], each) for each in (survey.announcement, sheet.announcement)]
    for number in (1, 2):
        copy = copy_for(here.pupils[number], survey.announcement)
        actions.answer_survey(
            actor=actor(here.guardians[number]), copy=copy, typed=typed(survey, *GOOD), at=NOON - timedelta(minutes=9)
        )
    signed(mother, copies[1], conditions="Xe đón tại cổng trường")
    signed(father, copies[1], "no")
    signed(here.guardians[1], copy_for(here.pupils[1], sheet.announcement))
    one, two, three = told.public_id, survey.announcement.public_id, sheet.announcement.public_id
    four = draft.announcement.public_id
    pages = [
        (mother, "/"), (teacher, "/"), (mother, "/messages/announcements/"), (teacher, "/messages/announcements/"),
        (teacher, "/messages/announcements/write/"), (teacher, f"/messages/announcements/{one}/"),
        (mother, f"/messages/announcements/{one}/"), (mother, f"/messages/announcements/{two}/"),
        (teacher, "/messages/surveys/write/"), (teacher, f"/messages/surveys/{four}/questions/"),
        (teacher, f"/messages/surveys/{two}/results/"), (mother, f"/messages/surveys/copies/{copies[0].public_id}/"),
        (teacher, "/messages/consents/write/"), (teacher, f"/messages/consents/{three}/"),
        (teacher, f"/messages/consents/{three}/?print"), (mother, f"/messages/consents/copies/{copies[1].public_id}/"),
        (mother, f"/messages/consents/copies/{copies[1].public_id}/withdraw/"),
        (mother, f"/messages/consents/{three}/paper/{copies[1].public_id}/"),
        (teacher, f"/messages/consents/{three}/rule/{copies[1].public_id}/"),
    ]  # fmt: skip
    return world, pages


def opened(client: Client, page: "Page", address: str) -> None:
    answer_by(client, page)
    page.goto(ORIGIN + address)
    page.wait_for_load_state("networkidle")


def test_every_page_fits_and_axe_finds_nothing(a_class, client_of: ClientOf, browser_page) -> None:
    _world, pages = a_class
    wrong, opened_by = {}, {}
    for number, (who, address) in enumerate(pages):
        if who not in opened_by:
            opened_by[who] = browser_page(reduced_motion="reduce")
            answer_by(client_of(who), opened_by[who])
        page = opened_by[who]
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        page.goto(ORIGIN + address)
        page.wait_for_load_state("networkidle")
        for width in WIDTHS:
            if found := unsound(page, (width,)):
                wrong[address, width] = found
            if pictures := os.environ.get("KHUE_PICTURES"):
                page.screenshot(path=str(Path(pictures) / f"{number:02}-{width}.png"), full_page=True)

    assert wrong == {}


def test_a_survey_is_answered_on_a_phone_without_scripts(a_class, client_of: ClientOf, browser_page) -> None:
    world, _pages = a_class
    survey = asked_survey(world.here, subject="Bữa trưa")
    copy = copy_for(world.here.pupils[0], survey.announcement)
    page = browser_page(width=360, java_script_enabled=False)
    answer_by(client_of(world.here.guardians[0]), page)

    page.goto(f"{ORIGIN}/messages/surveys/copies/{copy.public_id}/")
    page.get_by_label("Ngon", exact=True).check()
    page.get_by_label("4", exact=True).check()
    page.get_by_label("4. Số bữa một tuần").fill("5")
    page.get_by_role("button", name="Gửi câu trả lời").click()

    assert [row.copy_id for row in SurveyReply.objects.filter(survey=survey)] == [copy.id]
    assert queries.own_replies(copy)[0].values[queries.questions_of(survey)[3].row.id] == ["5"]


def test_a_sheet_is_signed_on_a_phone_with_the_password(a_class, client_of: ClientOf, browser_page) -> None:
    world, _pages = a_class
    sheet = asked_sheet(world.here, subject="Tiêm chủng", kind="health")
    copy = copy_for(world.here.pupils[0], sheet.announcement)
    page = browser_page(width=360)
    opened(client_of(world.here.guardians[0]), page, f"/messages/consents/copies/{copy.public_id}/")

    page.get_by_label("Tôi đồng ý", exact=True).check()
    page.get_by_label("Mật khẩu của Quý phụ huynh").fill(SECRET)
    page.get_by_role("button", name="Kí phiếu").click()
    page.wait_for_load_state("networkidle")

    assert ConsentSignature.objects.get(sheet=sheet).proved_by == "password"
