"""The second factor: who needs one, how it is proved, and what a password alone does not open."""

import re

import pyotp
import pytest
from django.test import Client

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.identity import actions, queries, sessions
from khue.identity.models import Account, AuthenticatorApp, RecoveryCode, Session
from khue.identity.sealing import seal
from khue.identity.tests.browsing import PAGE, sign_in, signed_in_as
from tests.world import NOON


def test_an_officer_without_a_second_factor_reaches_only_its_set_up(visitor: Client, officer: Account) -> None:
    sign_in(visitor, officer)

    for address in ("/account/", "/nothing-here/", "/account/password/", "/ui/"):
        response = visitor.get(address)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (303, "/account/second-factor/")
    assert visitor.get("/account/second-factor/").status_code == 200
    assert signed_in_as(visitor) is None


def test_an_officer_sets_up_an_application_and_is_somebody_with_a_new_token(visitor: Client, officer: Account) -> None:
    sign_in(visitor, officer)
    before = visitor.cookies[sessions.COOKIE].value
    shown = visitor.get("/account/second-factor/app/").text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", shown)[1].replace(" ", "")

    response = visitor.post("/account/second-factor/app/", {"code": pyotp.TOTP(secret).now()})

    assert 'src="data:image/svg+xml' in shown
    assert len(re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", response.text)) == 10
    assert signed_in_as(visitor) == officer.id
    assert visitor.cookies[sessions.COOKIE].value != before
    assert queries.actor_of_token(before, at=clock.now(), on=clock.today(), door="test") is None


def test_a_wrong_first_code_adds_nothing(visitor: Client, officer: Account) -> None:
    sign_in(visitor, officer)
    visitor.get("/account/second-factor/app/")

    assert "Mã chưa đúng" in visitor.post("/account/second-factor/app/", {"code": "000000"}).text
    assert not AuthenticatorApp.objects.exclude(confirmed_at=None).exists()
    assert signed_in_as(visitor) is None


@pytest.fixture
def with_app(officer: Account) -> pyotp.TOTP:
    """The officer's code generator, confirmed."""
    secret = pyotp.random_base32()
    AuthenticatorApp.objects.create(account=officer, secret=seal("totp", secret.encode()), confirmed_at=NOON)
    return pyotp.TOTP(secret)


def test_a_secret_is_not_readable_in_the_database(officer: Account, with_app: pyotp.TOTP) -> None:
    assert with_app.secret.encode() not in bytes(AuthenticatorApp.objects.get().secret)


def test_the_second_step_asks_for_the_code_and_comes_back(
    visitor: Client, officer: Account, with_app: pyotp.TOTP
) -> None:
    sign_in(visitor, officer)
    asked = visitor.get("/account/")

    response = visitor.post("/sign-in/second/", {"code": with_app.now(), "next": "/account/"})

    assert asked.headers["Location"] == "/sign-in/second/?next=%2Faccount%2F"
    assert response.headers["Location"] == "/account/"
    assert visitor.get("/account/").status_code == 200


def test_a_code_works_once(visitor: Client, officer: Account, with_app: pyotp.TOTP) -> None:
    code = with_app.now()
    sign_in(visitor, officer)
    visitor.post("/sign-in/second/", {"code": code})
    thief = Client(**PAGE)
    sign_in(thief, officer)

    assert "đã dùng rồi" in thief.post("/sign-in/second/", {"code": code}).text
    assert signed_in_as(thief) is None


def test_whoever_knows_only_the_password_cannot_add_a_factor_beside_the_real_one(
    visitor: Client, officer: Account, with_app: pyotp.TOTP
) -> None:
    sign_in(visitor, officer)

    for address in ("/account/second-factor/", "/account/second-factor/app/", "/account/confirm/"):
        assert visitor.get(address).headers["Location"].startswith("/sign-in/second/")
    visitor.post("/account/second-factor/passkey/options/")
    visitor.post("/account/second-factor/recovery/")
    half = actions.open_session(account=officer, at=clock.now(), address=None, agent="")
    session = Session.objects.get(token_hash=sessions.hash_of(half))
    bearer = Actor(account_id=officer.id, session_id=session.id)
    for add in (
        lambda: actions.begin_app(actor=bearer),
        lambda: actions.ask_for_passkey(actor=bearer, host="localhost", at=NOON),
        lambda: actions.renew_recovery_codes(actor=bearer),
        lambda: actions.remove_app(actor=bearer, at=NOON),
    ):
        with pytest.raises(Forbidden):
            add()
    assert not RecoveryCode.objects.exists()
    assert AuthenticatorApp.objects.count() == 1


def test_codes_cannot_be_tried_through(visitor: Client, officer: Account, with_app: pyotp.TOTP) -> None:
    sign_in(visitor, officer)
    for _ in range(5):
        visitor.post("/sign-in/second/", {"code": "000000"})

    assert "quá nhiều lần" in visitor.post("/sign-in/second/", {"code": with_app.now()}).text
    assert signed_in_as(visitor) is None


def test_a_recovery_code_opens_once(visitor: Client, officer: Account, with_app: pyotp.TOTP, client_of) -> None:
    session = Session.objects.get(token_hash=sessions.hash_of(client_of(officer).cookies[sessions.COOKIE].value))
    code, *_ = actions.renew_recovery_codes(actor=Actor(account_id=officer.id, session_id=session.id))
    sign_in(visitor, officer)
    visitor.post("/sign-in/second/", {"code": code.lower().replace("-", " ")})
    thief = Client(**PAGE)
    sign_in(thief, officer)
    thief.post("/sign-in/second/", {"code": code})

    assert signed_in_as(visitor) == officer.id
    assert signed_in_as(thief) is None


def test_a_role_that_needs_a_second_factor_keeps_the_last_one(
    client_of, officer: Account, with_app: pyotp.TOTP
) -> None:
    signed_in = client_of(officer)

    response = signed_in.post("/account/second-factor/app/remove/", follow=True)

    assert "cần ít nhất một lớp" in response.text
    assert AuthenticatorApp.objects.count() == 1
