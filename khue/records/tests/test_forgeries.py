"""Forged, changed, moved, replayed: every trick ends as not valid."""

import base64

import pytest
from asn1crypto import cms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from khue.records import content as contents
from khue.records.content import Content
from khue.records.signing import xades
from khue.records.signing.certified import Trust
from khue.records.signing.judge import judge_xml
from khue.records.signing.verdicts import Verdict
from khue.records.tests.test_signing import NOW, SHEET, sealed, session_of

#: What a certificate calls the kind of its key.
RSA = bytes.fromhex("06092a864886f70d010101")
OTHER = Content(transcript="0198b0", sheet="0198b1", year="2026-2027", grade=6, class_name="6A")


@pytest.fixture(scope="module")
def document(ca) -> bytes:
    return sealed(ca)


@pytest.fixture(scope="module")
def other(ca) -> bytes:
    return sealed(ca, content=OTHER)


@pytest.fixture(scope="module")
def trust(ca) -> Trust:
    return Trust(ca.anchors)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999999), bit=st.integers(0, 7))
def test_one_bit_anywhere_is_seen(document, trust, place, bit):
    changed = bytearray(document)
    changed[int(place * len(document))] ^= 1 << bit

    assert not judge_xml(bytes(changed), trust).verdict.is_good


def test_a_certificate_with_a_key_of_no_known_kind_is_not_valid(document, trust):
    root, _content, signatures = parts_of(document)
    found = [each for each in signatures.iter(f"{{{xades.DS}}}X509Certificate") if RSA in base64.b64decode(each.text)]
    found[0].text = base64.b64encode(base64.b64decode(found[0].text).replace(RSA, RSA[:-1] + b"\x7f")).decode()

    assert judge_xml(etree.tostring(root), trust).verdict is Verdict.CHANGED


def test_nothing_of_the_last_time_stamp_is_free(document, trust):
    # No later signature covers it, and its own neither its version, nor its digests, nor how it names its signer.
    begins = document.rindex(b"EncapsulatedTimeStamp>MII") + len(b"EncapsulatedTimeStamp>")
    written = document[begins : document.index(b"<", begins)]
    token = base64.b64decode(written)
    signer = token.rindex(cms.ContentInfo.load(token)["content"]["signer_infos"][0]["sid"].chosen.dump())

    for at in (*range(20, 45), *range(signer, signer + 40)):
        changed = bytearray(token)
        changed[at] ^= 1 << at % 8
        assert not judge_xml(document.replace(written, base64.b64encode(changed)), trust).verdict.is_good
    assert judge_xml(document, trust).verdict.is_good


def test_a_namespace_that_is_no_address_is_seen(document, trust):
    named = document.split(b'="http:')

    for at in range(1, len(named)):
        changed = b'="http:'.join(named[:at]) + b'="httpz' + b'="http:'.join(named[at:])
        assert not judge_xml(changed, trust).verdict.is_good


@settings(max_examples=30)
@given(data=st.binary(max_size=400), place=st.floats(0, 1))
def test_bytes_put_in_anywhere_are_seen(document, trust, data, place):
    at = int(place * len(document))
    if data:
        assert not judge_xml(document[:at] + data + document[at:], trust).verdict.is_good
    assert not judge_xml(data, trust).verdict.is_good


def parts_of(document: bytes):
    root = xades.parsed(document)
    return root, root[0], root[1]


def test_signatures_of_one_pupil_do_not_hold_under_another(document, other, trust):
    _root, _content, signatures = parts_of(document)
    root, _content2, place = parts_of(other)
    for _ in range(len(place)):
        place.remove(place[0])
    for one in list(signatures):
        place.append(one)

    judged = judge_xml(xades.filed(root), trust)

    assert judged.verdict is Verdict.CHANGED
    assert [one.verdict for one in judged.signatures] == ["changed"] * 3


def test_a_signature_wrapped_around_other_content_is_refused(document, trust):
    """XML signature wrapping: the signed part is kept somewhere, and what is read is another one with the same Id."""
    forged = document.replace("Nguyễn Văn A".encode(), "Nguyễn Văn B".encode())
    _root, genuine, _place = parts_of(document)
    for where in (0, 1):
        root, _content, place = parts_of(forged)
        (root if where == 0 else place).append(genuine)
        assert judge_xml(xades.filed(root), trust).verdict in (Verdict.NOT_OURS, Verdict.CHANGED)
        root, genuine, _place = parts_of(document)
    inside, content, place = parts_of(forged)
    content.append(parts_of(document)[1])
    assert judge_xml(xades.filed(inside), trust).verdict is Verdict.CHANGED


def test_a_signature_taken_away_doubled_or_put_elsewhere_is_seen(document, trust):
    for change in ("remove", "double", "swap"):
        root, _content, place = parts_of(document)
        if change == "remove":
            place.remove(place[1])
        elif change == "double":
            place.insert(1, xades.parsed(contents.canonical(place[0])))
        else:
            place.insert(0, place[1])
        assert not judge_xml(xades.filed(root), trust).verdict.is_good, change


def test_a_seal_without_the_people_does_not_stand_for_them(ca, document, trust):
    root, _content, place = parts_of(document)
    place.remove(place[2])
    assert judge_xml(xades.filed(root), trust).verdict is Verdict.INCOMPLETE
    with session_of(ca, ca.person("Trường")) as at_work:
        body = contents.written(SHEET)
        alone = at_work.seal([body], [[]], NOW)[0]
    assert judge_xml(alone, trust).verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    "prolog",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE lolz [<!ENTITY l "l"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">]>', b"<!-- x -->", b"<?php x ?>",
    ],
)  # fmt: skip
def test_document_types_entities_and_the_like_are_refused(document, trust, prolog):
    hostile = document.replace(xades.DECLARATION, xades.DECLARATION + prolog)

    assert judge_xml(hostile, trust).verdict in (Verdict.NOT_OURS, Verdict.CHANGED)


def test_the_same_document_written_another_way_is_not_taken(document, trust):
    for old, new in (
        (b"<ChuKy>", b"<ChuKy >"),
        (b"><ChuKy", b">\n<ChuKy"),
        (b"></ChuKy>", b">chu</ChuKy>"),
        (xades.DECLARATION, b""),
    ):
        assert judge_xml(document.replace(old, new, 1), trust).verdict is not Verdict.VALID


def test_somebody_who_signs_with_an_untrusted_key_of_the_same_name_is_not_believed(trust):
    from khue.records.tests.authority import authority

    with authority() as fake:
        forged = sealed(fake)

    assert judge_xml(forged, trust).verdict is Verdict.UNTRUSTED
