"""Signing in as a browser does."""

from django.test import Client

from khue.foundation import clock
from khue.identity import passwords, queries, sessions
from khue.identity.models import Account

SECRET = "lúa chín vàng đồng"
KEPT = passwords.hash_of(SECRET)
PAGE = {"HTTP_ACCEPT": "text/html"}


def sign_in(browser: Client, account: Account, **more: str):
    return browser.post("/sign-in/", {"handle": account.user_name, "password": SECRET, **more})


def signed_in_as(browser: Client) -> int | None:
    token = browser.cookies[sessions.COOKIE].value if sessions.COOKIE in browser.cookies else ""
    found = token and queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test")
    return found.account_id if found else None
