"""Whatever bytes come: forged, changed, cut, inflated, replayed. Nothing is taken, and nothing breaks."""

import gzip
import json
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from khue.exchange import actions, batches, keys, parcels, queries, signatures
from khue.exchange.batches import BrokenBatch
from khue.exchange.models import Batch, HeldRecord, ReportedRecord
from khue.exchange.signatures import BadSignature, BatchClaims, digest_of
from khue.exchange.tests.conftest import NodeBelow, _Signer
from khue.exchange.tests.test_any_order import undone
from khue.foundation.errors import Refusal

pytestmark = pytest.mark.django_db
fuzzed = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def nothing_taken() -> bool:
    return not (ReportedRecord.objects.exists() or Batch.objects.exists() or HeldRecord.objects.exists())


@fuzzed
@given(place=st.integers(0, 10_000), byte=st.integers(1, 255))
def test_a_batch_changed_anywhere_is_refused(below: NodeBelow, place: int, byte: int):
    data = bytearray(below.batch(below.record("a"), below.record("b")))
    place %= len(data)
    data[place] ^= byte

    with pytest.raises(Refusal):
        below.accept(bytes(data))

    assert nothing_taken()


@fuzzed
@given(st.binary(max_size=300))
def test_bytes_that_are_no_batch_are_refused(below: NodeBelow, data: bytes):
    with pytest.raises(Refusal):
        below.accept(data)

    assert nothing_taken()


@pytest.mark.parametrize("cut", [0, 1, 50, 400, -1])
def test_a_batch_cut_off_is_refused(below: NodeBelow, cut: int):
    with pytest.raises(Refusal):
        below.accept(below.batch(below.record("a"))[:cut])

    assert nothing_taken()


def claims(below: NodeBelow, body: bytes, **given: object) -> BatchClaims:
    values = {
        "typ": batches.BATCH, "iss": str(below.peer.node), "aud": below.receiver, "epoch": 1, "number": 1,
        "previous": "", "content": digest_of(body), "size": 2, "records": 0, "level": "department",
    }  # fmt: skip
    return BatchClaims(**{**values, **given})


def signed(below: NodeBelow, body: bytes, key: OKPKey | None = None, **given: object) -> bytes:
    signer = _Signer(str(below.peer.node), key or below.key)
    return signer.sign(claims(below, body, **given)).encode() + b"\n" + body


EMPTY = gzip.compress(b"[]")


@pytest.mark.parametrize(
    "given_claims",
    [
        {"iss": "00000000-0000-4000-8000-000000000000"}, {"aud": "00000000-0000-4000-8000-000000000000"},
        {"typ": "khue-request"}, {"level": "ministry"}, {"content": "00" * 32}, {"epoch": 0}, {"number": 0},
        {"number": -3}, {"records": 1}, {"records": -1}, {"size": 1}, {"size": -1}, {"size": 10**12},
        {"previous": "zz"}, {"epoch": 2**40},
    ],
)  # fmt: skip
def test_a_signed_line_that_says_something_impossible_is_refused(below: NodeBelow, given_claims: dict):
    with pytest.raises(Refusal):
        below.accept(signed(below, EMPTY, **given_claims))

    assert nothing_taken()


def test_a_batch_signed_with_another_key_is_refused(below: NodeBelow):
    with pytest.raises(actions.BatchNotGenuine):
        below.accept(signed(below, EMPTY, key=OKPKey.generate_key("Ed25519")))

    assert nothing_taken()


def test_a_batch_without_a_signature_is_refused(below: NodeBelow):
    import base64

    import msgspec

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    payload = part(msgspec.json.encode(claims(below, EMPTY)))
    for header in ({"alg": "none"}, {"alg": "HS256"}, {"alg": "Ed25519", "jwk": below.key.as_dict(private=False)}):
        token = f"{part(json.dumps(header).encode())}.{payload}."
        with pytest.raises(Refusal):
            below.accept(token.encode() + b"\n" + EMPTY)

    assert nothing_taken()


def test_a_bomb_is_not_inflated(below: NodeBelow):
    bomb = gzip.compress(b" " * 200_000_000)

    with pytest.raises(actions.BatchBroken):
        below.accept(signed(below, bomb, size=1000))
    with pytest.raises(actions.BatchBroken):
        below.accept(signed(below, bomb, size=200_000_000))

    assert nothing_taken()


@pytest.mark.parametrize(
    "plain",
    [
        b"", b"{}", b"[1]", b"[{}]", b"[" * 50_000, b'[{"IdBanGhi":"a\\u0000"}]', b"\xff\xfe", b"[null]",
        json.dumps([{"IdBanGhi": "a" * 151, "Loai": "school", "MaTruong": "", "SuKien": "NEW", "PhienBan": 1,
                     "ThoiGianCapNhat": "2026-11-23T12:00:00", "NgayCapNhat": "2026-11-23T12:00:00",
                     "DuLieu": {}}]).encode(),
        json.dumps([{"IdBanGhi": "a", "Loai": "school", "MaTruong": "", "SuKien": "NEW", "PhienBan": 0,
                     "ThoiGianCapNhat": "2026-11-23T12:00:00", "NgayCapNhat": "2026-11-23T12:00:00",
                     "DuLieu": {}}]).encode(),
    ],
)  # fmt: skip
def test_records_that_are_none_are_refused(below: NodeBelow, plain: bytes):
    content = gzip.compress(plain)

    with pytest.raises(actions.BatchBroken):
        below.accept(signed(below, content, size=len(plain), records=1))

    assert nothing_taken()


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["matruong", "malop", "hovaten", "sodinhdanh", "gioitinh", "ngaythangnamsinh", "diemmon", "diemtongket", "address",
     "namsinh", "cha", "makhoi", "hocky", "mahocluc", "chieucao", "x"]
)  # fmt: skip


@fuzzed
@given(
    kind=st.sampled_from(["school", "pupil", "pupil_identity", "result", "staff", "class_primary", "nonsense", ""]),
    event=st.sampled_from(["NEW", "UPdate", "CANCEL", "DELETE"]),
    fields=st.dictionaries(names, values, max_size=6),
)
def test_a_genuine_batch_with_any_fields_is_taken_or_held_back(below: NodeBelow, kind, event, fields):
    """The sender is who it says, and its software is broken. Every record is in one of two places, never in both."""
    fields = {name: value for name, value in fields.items() if "\\u0000" not in json.dumps(value)}
    record = below.record("k", 1, event if event != "CANCEL" else "UPdate", kind=kind or "-", **fields)
    with undone():
        below.peer.refresh_from_db()
        try:
            answer = below.accept(below.batch(record))
        except actions.BatchBroken:
            return  # numbers beyond what JSON readers agree on

        assert answer.taken + bool(answer.held) == 1
        assert ReportedRecord.objects.count() == answer.taken
        assert HeldRecord.objects.count() == len({(line.rule, line.field) for line in answer.held})


def test_a_replayed_batch_changes_nothing_after_newer_ones(below: NodeBelow):
    old = below.batch(below.record("a", 1), number=1)
    below.accept(old)
    below.accept(below.batch(below.record("a", 2, tenlop="new"), number=2))
    below.accept(below.batch(below.record("a", 3, tenlop="newest"), number=1, epoch=2))

    with pytest.raises(actions.EpochOver):
        below.accept(old)

    assert ReportedRecord.objects.get().payload["tenlop"] == "newest"


@fuzzed
@given(st.binary(max_size=200))
def test_a_parcel_that_is_none_is_refused(data: bytes):
    for bytes_ in (data, parcels.MAGIC + b"\n" + data, parcels.MAGIC + b"\nnode\n" + data):
        with pytest.raises(parcels.UnusableParcel):
            parcels.opened(bytes_, keys.opening_key(1))


def test_a_parcel_opens_for_its_reader_alone():
    key, other = keys.opening_key(1), keys.opening_key(2)
    data = parcels.packed("node", key, [b"one", b"", b"two" * 400_000])

    assert parcels.opened(data, key) == [b"one", b"", b"two" * 400_000]
    with pytest.raises(parcels.UnusableParcel):
        parcels.opened(data, other)
    with pytest.raises(parcels.UnusableParcel):
        parcels.opened(data[:-3], key)


@pytest.mark.parametrize(
    "wrong",
    [None, [], "x", [{}], [{"use": "sig"}], [{"use": "sig", "kty": "OKP", "crv": "Ed25519", "x": "AA"}],
     [{"use": "sig", "kty": "RSA", "crv": "Ed25519", "x": "AA"}], [{"use": "enc"}] * 3],
)  # fmt: skip
def test_keys_that_are_none_are_refused(wrong):
    with pytest.raises(keys.UnusableKeys):
        keys.usable(wrong)


def test_a_private_key_is_not_taken_for_a_public_one():
    with pytest.raises(keys.UnusableKeys):
        keys.usable([{**OKPKey.generate_key("Ed25519").as_dict(private=True), "use": "sig"}])


def test_what_cannot_be_inflated_is_broken():
    for content in (b"", b"x", zlib.compress(b"[]")):
        with pytest.raises(BrokenBatch):
            batches._inflated(content, 2)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é", "x" * 5000, "e30.e30.e30"])
def test_a_token_that_is_none_names_nobody(token: str):
    with pytest.raises(BadSignature):
        signatures.unverified_issuer(token)
    assert queries.peer_with("x") is None
