"""Every door of identity, as a browser meets it; and the attempts to get through one that is shut."""

import re

import pytest
from django.test import Client

from khue.foundation import clock
from khue.identity import actions, queries, sessions
from khue.identity.models import Account, Grant, Handle, Password, Session
from khue.identity.tests.browsing import KEPT, PAGE, SECRET, own_queries, sign_in, signed_in_as
from tests.world import NOON, World


def test_signing_in_leads_to_where_one_wanted_to_go(visitor: Client, teacher: Account) -> None:
    response = sign_in(visitor, teacher, next="/account/password/")

    assert (response.status_code, response.headers["Location"]) == (303, "/account/password/")
    assert signed_in_as(visitor) == teacher.id


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(visitor: Client, teacher: Account, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True

    cookie = sign_in(visitor, teacher).cookies[sessions.COOKIE]

    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["secure"] is True


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\thttps://evil.example"]
)  # fmt: skip
def test_no_link_leads_from_here_to_another_site(visitor: Client, teacher: Account, wanted: str) -> None:
    assert sign_in(visitor, teacher, next=wanted).headers["Location"] == "/"


def test_a_wrong_password_says_so_and_keeps_what_was_typed(visitor: Client, teacher: Account) -> None:
    response = visitor.post("/sign-in/", {"handle": teacher.user_name, "password": "sai"})

    assert response.status_code == 200
    assert "chưa đúng" in response.text
    assert f'value="{teacher.user_name}"' in response.text
    assert sessions.COOKIE not in response.cookies


def test_failures_are_counted_although_the_page_only_shows_a_message(visitor: Client, teacher: Account) -> None:
    for _ in range(5):
        visitor.post("/sign-in/", {"handle": teacher.user_name, "password": "sai"})

    assert "quá nhiều lần" in sign_in(visitor, teacher).text
    assert not Session.objects.exists()


def test_a_forged_form_signs_nobody_in(teacher: Account) -> None:
    strict = Client(enforce_csrf_checks=True, **PAGE)

    response = strict.post("/sign-in/", {"handle": teacher.user_name, "password": SECRET})

    assert response.status_code == 403
    assert not Session.objects.exists()


@pytest.mark.parametrize("address", ["/sign-out/", "/account/sessions/others/", "/account/second-factor/app/remove/"])
def test_a_forged_form_does_nothing_to_somebody_signed_in(client_of, world: World, address: str) -> None:
    token = client_of(world.here.teacher).cookies[sessions.COOKIE].value
    strict = Client(enforce_csrf_checks=True, **PAGE)
    strict.cookies[sessions.COOKIE] = token

    assert strict.post(address).status_code == 403
    assert Session.objects.count() == 1


def test_a_token_planted_before_signing_in_is_worth_nothing_after(visitor: Client, teacher: Account) -> None:
    visitor.cookies[sessions.COOKIE] = "planted-by-somebody-else"

    sign_in(visitor, teacher)

    assert visitor.cookies[sessions.COOKIE].value != "planted-by-somebody-else"
    assert queries.actor_of_token("planted-by-somebody-else", at=clock.now(), on=clock.today(), door="test") is None


def test_signing_out_ends_the_session_on_the_server_too(visitor: Client, teacher: Account) -> None:
    sign_in(visitor, teacher)
    token = visitor.cookies[sessions.COOKIE].value

    visitor.post("/sign-out/")

    assert queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test") is None


def test_a_stranger_is_asked_to_sign_in_and_led_back(visitor: Client, world: World) -> None:
    response = visitor.get("/account/")

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in/?next=%2Faccount%2F")


@pytest.mark.parametrize(
    ("page", "location"),
    [
        (
            "http://testserver/attendance/leave/?state=waiting",
            "/sign-in/?next=%2Fattendance%2Fleave%2F%3Fstate%3Dwaiting",
        ),
        ("http://elsewhere.example/attendance/leave/", "/sign-in/"),
        ("http://testserver/", "/sign-in/"),
        ("nonsense", "/sign-in/"),
        ("", "/sign-in/"),
    ],
)
def test_who_sends_a_form_after_the_session_ended_is_led_back_to_its_page(
    visitor: Client, world: World, page: str, location: str
) -> None:
    response = visitor.post("/account/password/", {"password": "x"}, headers={"Referer": page})

    assert (response.status_code, response.headers["Location"]) == (303, location)


def test_a_program_that_is_a_stranger_is_refused(world: World) -> None:
    assert Client().get("/account/").status_code == 403


def test_a_part_of_a_page_asks_the_browser_to_sign_in(world: World) -> None:
    response = Client(HTTP_HX_REQUEST="true").get("/account/")

    assert response.headers["HX-Redirect"] == "/sign-in/"


def test_a_password_somebody_else_set_is_changed_first(visitor: Client, teacher: Account) -> None:
    Account.objects.filter(id=teacher.id).update(must_change_password=True)
    sign_in(visitor, teacher)

    owed = visitor.get("/account/")
    visitor.post("/account/password/", {"password": SECRET, "new_password": "gió mùa thu về"})

    assert owed.headers["Location"].startswith("/account/password/")
    assert visitor.get("/account/").status_code == 200


def test_the_present_password_is_asked_for_before_a_new_one(visitor: Client, teacher: Account) -> None:
    sign_in(visitor, teacher)

    response = visitor.post("/account/password/", {"password": "sai", "new_password": "gió mùa thu về"})

    assert "Mật khẩu hiện tại chưa đúng" in response.text
    assert Password.objects.get(account=teacher).hash == KEPT


def test_a_sensitive_step_asks_again_after_ten_minutes(client_of, teacher: Account) -> None:
    visitor = client_of(teacher)
    Session.objects.update(confirmed_at=NOON)

    asked = visitor.get("/account/second-factor/app/")
    confirmed = visitor.post(asked.headers["Location"], {"password": SECRET})

    assert asked.headers["Location"] == "/account/confirm/?next=%2Faccount%2Fsecond-factor%2Fapp%2F"
    assert confirmed.headers["Location"] == "/account/second-factor/app/"
    assert visitor.get("/account/second-factor/app/").status_code == 200


def test_the_account_page_lists_browsers_and_signs_one_out(client_of, teacher: Account) -> None:
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    lost = actions.open_session(account=teacher, at=clock.now(), address="203.0.113.7", agent=phone)
    visitor = client_of(teacher)

    shown = visitor.get("/account/").text
    visitor.post(f"/account/sessions/{Session.objects.get(address='203.0.113.7').public_id}/")

    assert "Chrome trên Android" in shown
    assert "203.0.113.7" in shown
    assert queries.actor_of_token(lost, at=clock.now(), on=clock.today(), door="test") is None
    assert visitor.get("/account/").status_code == 200


def test_nobody_signs_out_a_browser_of_another(client_of, world: World) -> None:
    client_of(world.here.head)
    other = Session.objects.get(account=world.here.head)

    response = client_of(world.here.teacher).post(f"/account/sessions/{other.public_id}/")

    assert response.status_code == 404
    assert Session.objects.filter(id=other.id).exists()


def test_signing_out_everywhere_else_leaves_this_browser(client_of, teacher: Account) -> None:
    client_of(teacher), client_of(teacher)
    visitor = client_of(teacher)

    visitor.post("/account/sessions/others/")

    assert Session.objects.count() == 1
    assert visitor.get("/account/").status_code == 200


def test_a_revoked_role_and_a_closed_account_count_at_the_next_click(client_of, world: World) -> None:
    visitor = client_of(world.here.head)
    Grant.objects.filter(account=world.here.head).update(revoked_at=clock.now())
    still = visitor.get("/account/").status_code
    Account.objects.filter(id=world.here.head.id).update(is_active=False)

    assert (still, visitor.get("/account/").status_code) == (200, 403)


def test_activation_by_code(visitor: Client, world: World) -> None:
    from tests.world import actor

    pupil = world.here.pupils[0]
    code = actions.issue_codes(actor=actor(world.here.clerk), accounts=[pupil], at=clock.now())[pupil.id]

    weak = visitor.post("/activate/", {"code": code, "new_password": "12345678"})
    done = visitor.post("/activate/", {"code": f" {code.lower()} ", "new_password": "con trâu đi trước"})
    again = Client(**PAGE).post("/activate/", {"code": code, "new_password": "con trâu đi trước"})

    assert "chỉ gồm chữ số" in weak.text
    assert done.status_code == 303
    assert signed_in_as(visitor) == pupil.id
    assert "không đúng, đã dùng hoặc đã hết hạn" in again.text


def test_activation_codes_cannot_be_tried_through(visitor: Client, world: World) -> None:
    for number in range(30):
        visitor.post("/activate/", {"code": f"AAAA-AAAA-AA{number:02}", "new_password": "con trâu đi trước"})

    assert "quá nhiều lần" in visitor.post("/activate/", {"code": "B", "new_password": "con trâu đi trước"}).text
    assert not Password.objects.exists()


def test_forgetting_a_password_tells_a_stranger_nothing(visitor: Client, teacher: Account) -> None:
    Handle.objects.create(account=teacher, kind="email", value="hoa@example.vn")

    known = visitor.post("/activate/link/", {"handle": teacher.user_name})
    unknown = visitor.post("/activate/link/", {"handle": "nobody.here"})

    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert strip.sub("", known.text) == strip.sub("", unknown.text)


def test_the_sign_in_page_asks_the_database_nothing(visitor: Client, world: World) -> None:
    assert own_queries(visitor, "/sign-in/") == 0


@pytest.mark.parametrize("count", [1, 10])
def test_the_account_page_costs_the_same_for_any_number_of_browsers(client_of, teacher: Account, count: int) -> None:
    for _ in range(count):
        visitor = client_of(teacher)

    assert own_queries(visitor, "/account/") == 5
