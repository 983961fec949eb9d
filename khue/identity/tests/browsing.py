"""Signing in as a browser does."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock
from khue.identity import queries, sessions
from khue.identity.models import Account

SECRET = "lúa chín vàng đồng"
#: What is kept of it; test_sign_in shows that it is what would be kept today. To make it costs every start a while.
KEPT = "$argon2id$v=19$m=65536,t=3,p=4$HIhVkUSNFbWPH82IrPInag$bXHHNeIA0+t6En4Dl6znlN/r7DAdsCYNfoo+qR1CEF0"
PAGE = {"HTTP_ACCEPT": "text/html"}


def sign_in(visitor: Client, account: Account, **more: str):
    return visitor.post("/sign-in/", {"handle": account.user_name, "password": SECRET, **more})


def signed_in_as(visitor: Client) -> int | None:
    token = visitor.cookies[sessions.COOKIE].value if sessions.COOKIE in visitor.cookies else ""
    found = token and queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test")
    return found.account_id if found else None


def own_queries(visitor: Client, address: str) -> int:
    """How many queries this room makes for a page. What the layout asks higher rooms is theirs to count."""
    visitor.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get(address).status_code == 200
    return sum(_is_ours(query["sql"]) for query in asked)


def _is_ours(sql: str) -> bool:
    return any(f'FROM "{table}' in sql for table in ("identity_", "registry_person", "registry_guardianship"))
