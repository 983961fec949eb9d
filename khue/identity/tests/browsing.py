"""Signing in as a browser does."""

from django.test import Client

from khue.foundation import clock
from khue.identity import passwords, queries, sessions
from khue.identity.models import Account

SECRET = "lúa chín vàng đồng"
KEPT = passwords.hash_of(SECRET)
PAGE = {"HTTP_ACCEPT": "text/html"}


def sign_in(visitor: Client, account: Account, **more: str):
    return visitor.post("/sign-in/", {"handle": account.user_name, "password": SECRET, **more})


def signed_in_as(visitor: Client) -> int | None:
    token = visitor.cookies[sessions.COOKIE].value if sessions.COOKIE in visitor.cookies else ""
    found = token and queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test")
    return found.account_id if found else None
