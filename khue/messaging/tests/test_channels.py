import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from khue.foundation.actor import SYSTEM
from khue.messaging import actions, tasks
from khue.messaging.actions import Note
from khue.messaging.channels import push
from khue.messaging.channels.gateway import international
from khue.messaging.channels.push_encryption import base64url, encrypted, from_base64url
from khue.messaging.models import Delivery, PushSubscription
from khue.registry.models import Person
from tests.world import NOON, World, actor

from .gateways import Answer, Gateway, gateway

NOTE = Note(kind="absence", key="absence:1", subject="Vắng không phép", body="Con vắng tiết 1.", link="/attendance/")


class Phone:
    """A browser with its keys: it opens what was encrypted for it, by RFC 8291 read from the other side."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def opened(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        theirs = body[21 : 21 + length]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        info = b"WebPush: info\0" + self.public_key + theirs
        secret = HKDF(SHA256(), 32, salt=self.secret, info=info).derive(shared)
        key = HKDF(SHA256(), 16, salt=salt, info=b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt=salt, info=b"Content-Encoding: nonce\0").derive(secret)
        assert size == 4096
        plain = AESGCM(key).decrypt(nonce, body[21 + length :], None)
        assert plain.endswith(b"\x02")
        return plain[:-1]


@pytest.fixture
def server() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


@pytest.fixture(autouse=True)
def _quick(settings: object) -> None:
    settings.GATEWAY_TIMEOUT = 0.5


def told(world: World, channel: str) -> Delivery:
    """The guardian is told something; the delivery by this channel after one round."""
    guardian = world.here.guardians[0].person_id
    place = world.here.organisation.id
    actions.notify(actor=SYSTEM, organisation_id=place, note=NOTE, recipients=[guardian], at=NOON)
    tasks.send_waiting()
    return Delivery.objects.get(channel=channel)


def only_by_phone(world: World, phone: str = "0912 345 678") -> None:
    Person.objects.filter(id=world.here.guardians[0].person_id).update(email="", phone=phone)


def rings(world: World, server: Gateway, settings: object) -> Phone:
    settings.PUSH_CONTACT, settings.PUSH_HOSTS = "mailto:it@example.vn", ["127.0.0.1"]
    phone = Phone()
    actions.ring_browser(
        actor=actor(world.here.guardians[0]), endpoint=server.url, public_key=base64url(phone.public_key),
        shared_secret=base64url(phone.secret), at=NOON,
    )  # fmt: skip
    return phone


def test_the_encryption_is_that_of_the_example_in_rfc_8291() -> None:
    own = ec.derive_private_key(
        int.from_bytes(from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1()
    )

    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        from_base64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        from_base64url("BTBZMqHH6r4Tts7J_aSIgg"),
        own=own,
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert base64url(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_browser_that_rings_gets_what_only_it_can_read(world: World, server: Gateway, settings: object) -> None:
    phone = rings(world, server, settings)

    assert told(world, "push").state == "sent"
    [heard] = server.heard
    assert json.loads(phone.opened(heard.body)) == {
        "title": "Vắng không phép", "body": "Con vắng tiết 1.", "link": "/attendance/",
        "tag": str(Delivery.objects.get(channel="push").public_id),
    }  # fmt: skip
    assert not Delivery.objects.filter(channel="email").exists()


def test_the_node_proves_who_it_is_to_the_push_service(world: World, server: Gateway, settings: object) -> None:
    rings(world, server, settings)
    told(world, "push")

    scheme, _, rest = server.heard[0].headers["authorization"].partition(" ")
    proof, key = (part.split("=", 1)[1] for part in rest.split(", "))
    point = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(proof, ECKey.import_key(public)).claims
    assert (scheme, key) == ("vapid", push.public_key())
    assert (claims["aud"], claims["sub"]) == (server.url.removesuffix("/send"), "mailto:it@example.vn")
    assert server.heard[0].headers["content-encoding"] == "aes128gcm"


def test_a_browser_that_is_gone_is_forgotten_and_mail_stands_in(
    world: World, server: Gateway, settings: object
) -> None:
    rings(world, server, settings)
    server.otherwise = Answer(410)

    assert told(world, "push").state == "failed"
    assert not PushSubscription.objects.exists()
    assert Delivery.objects.get(channel="email").state == "waiting"


def test_nobody_makes_the_node_call_another_address(world: World, settings: object) -> None:
    guardian, phone = actor(world.here.guardians[0]), Phone()
    for endpoint in ("http://169.254.169.254/latest/", "https://example.vn/x", "http://fcm.googleapis.com/x", "x"):
        with pytest.raises(actions.NotAPushService):
            actions.ring_browser(
                actor=guardian, endpoint=endpoint, public_key=base64url(phone.public_key),
                shared_secret=base64url(phone.secret), at=NOON,
            )  # fmt: skip
    assert not PushSubscription.objects.exists()


def test_a_short_message_goes_out_under_the_number_of_its_delivery(
    world: World, server: Gateway, settings: object
) -> None:
    settings.SMS_URL, settings.SMS_TOKEN = server.url, "secret"
    only_by_phone(world)
    world.here.organisation.name = "THCS Số 1"
    world.here.organisation.save()

    sent = told(world, "sms")

    assert (sent.state, sent.reference) == ("sent", "G1")
    [heard] = server.heard
    assert heard.json == {
        "id": str(sent.public_id), "to": "84912345678", "text": "THCS So 1: Vang khong phep. Con vang tiet 1.",
    }  # fmt: skip
    assert heard.headers["authorization"] == "Bearer secret"
    assert heard.headers["idempotency-key"] == str(sent.public_id)


@pytest.mark.parametrize(
    ("answer", "state", "wait"),
    [
        (Answer(429, headers={"Retry-After": "90"}), "waiting", timedelta(seconds=90)),
        (Answer(503), "waiting", timedelta(seconds=60)),
        (Answer(200, after_seconds=0.9), "waiting", timedelta(seconds=60)),
        (Answer(400, {"error": "bad number"}), "failed", None),
        (Answer(302, headers={"Location": "http://169.254.169.254/"}), "failed", None),
    ],
    ids=["429", "5xx", "timeout", "4xx", "redirect"],
)
def test_a_gateway_in_trouble_is_tried_again_and_one_that_refuses_is_not(
    world: World, server: Gateway, settings: object, answer: Answer, state: str, wait: timedelta | None
) -> None:
    from khue.foundation import clock

    settings.SMS_URL = server.url
    only_by_phone(world)
    server.answers = [answer]

    begin = clock.now()
    sent = told(world, "sms")

    assert (sent.state, len(server.heard), sent.attempts) == (state, 1, 1), sent.error
    if wait is not None:
        assert wait <= sent.next_attempt_at - begin < wait + timedelta(seconds=10)


def test_zalo_is_told_by_template_and_its_own_errors_are_understood(
    world: World, server: Gateway, settings: object
) -> None:
    settings.ZALO_URL, settings.ZALO_TEMPLATE, settings.ZALO_TOKEN = server.url, "7895417", "token"
    only_by_phone(world)
    server.otherwise = Answer(body={"error": 0, "message": "Success", "data": {"msg_id": "Z9"}})

    sent = told(world, "zalo")

    assert (sent.state, sent.reference) == ("sent", "Z9")
    heard = server.heard[0]
    assert heard.headers["access_token"] == "token"
    assert (heard.json["phone"], heard.json["template_id"]) == ("84912345678", "7895417")
    assert heard.json["tracking_id"] == str(sent.public_id)


def test_where_zalo_does_not_know_the_number_a_short_message_stands_in(
    world: World, server: Gateway, settings: object
) -> None:
    settings.ZALO_URL, settings.ZALO_TEMPLATE, settings.SMS_URL = server.url, "7895417", server.url
    only_by_phone(world)
    server.answers = [Answer(body={"error": -118, "message": "Zalo account not existed"})]

    assert told(world, "zalo").state == "failed"
    tasks.send_waiting()
    assert Delivery.objects.get(channel="sms").state == "sent", Delivery.objects.get(channel="sms").error
    assert [heard.path for heard in server.heard] == ["/send", "/send"]


def test_an_operators_error_fails_no_family(world: World, server: Gateway, settings: object) -> None:
    settings.ZALO_URL, settings.ZALO_TEMPLATE = server.url, "7895417"
    only_by_phone(world)
    server.otherwise = Answer(body={"error": -124, "message": "Access token invalid"})

    assert told(world, "zalo").state == "waiting"


def test_channels_that_were_not_set_up_send_nothing(world: World) -> None:
    only_by_phone(world)

    assert told(world, "email").state == "no_address"
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"app", "email"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0912345678", "84912345678"), ("+84 912 345 678", "84912345678"), ("84912345678", "84912345678"),
        ("912.345.678", "84912345678"), ("+1 202 555 0100", ""), ("", ""), ("12345", ""), ("0843456789", "84843456789"),
    ],
)  # fmt: skip
def test_telephone_numbers_are_written_as_gateways_want_them(written: str, meant: str) -> None:
    assert international(written) == meant
