"""Squares that people scan, read by a program of other people: from the page on a phone, from paper, from the album."""

import os
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from khue.foundation import clock
from khue.identity.models import Password
from khue.identity.tests.browsing import KEPT, SECRET
from khue.payments import payment_codes
from khue.payments.tests.books import Office, office
from khue.records import sharing
from khue.records.models import Share, Transcript
from tests.journeys.pages import ORIGIN, answer_by
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def read(picture: bytes) -> list[str]:
    """What the squares on a picture say."""
    found = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [one.text for one in found]


def printed(page, folder: Path) -> list[str]:
    """What the squares say on the page as it is printed, at the resolution of a plain printer."""
    (folder / "page.pdf").write_bytes(page.pdf(format="A4"))
    subprocess.run(["pdftoppm", "-r", "150", "-png", "page.pdf", "sheet"], cwd=folder, check=True)
    return [said for sheet in sorted(folder.glob("sheet*.png")) for said in read(sheet.read_bytes())]


def seen(page, address: str) -> list[str]:
    """What a camera finds that looks at the square on a phone of 360 pixels."""
    page.goto(ORIGIN + address)
    page.wait_for_load_state()
    page.locator("main img").first.evaluate("picture => picture.scrollIntoView({block: 'center'})")
    shown = page.screenshot()
    if folder := os.environ.get("KHUE_PICTURES"):
        (Path(folder) / f"codes-{address.strip('/').partition('/')[0]}.png").write_bytes(shown)
    return read(shown)


def fields(text: str) -> dict[str, str]:
    """A code of EMVCo: two digits of a name, two of a length, the value, and so on."""
    found, rest = {}, text
    while rest:
        name, length = rest[:2], int(rest[2:4])
        found[name], rest = rest[4 : 4 + length], rest[4 + length :]
        assert len(found[name]) == length
    return found


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE bit by bit, as the standard writes it."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _bit in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


@pytest.fixture
def money(world: World) -> Office:
    return office(world.here)


def test_the_code_of_an_invoice_pays_what_is_left_to_the_school_with_its_number(
    money: Office, world: World, client_of, browser_page, tmp_path
) -> None:
    (invoice,) = money.bill(money.children[0], months=2)
    mother = client_of(world.here.guardians[0])
    page = browser_page(width=360, height=740)
    answer_by(mother, page)

    (text,) = seen(page, f"/payments/{invoice.public_id}/")

    assert text[-4:] == checksum(text[:-4])
    said = fields(text)
    assert (said["00"], said["01"], said["53"], said["54"], said["58"]) == ("01", "12", "704", "200000", "VN")
    receiver = fields(said["38"])
    assert (receiver["00"], receiver["02"]) == ("A000000727", "QRIBFTTA")
    assert fields(receiver["01"]) == {"00": "970436", "01": "0011001234567"}
    assert fields(said["62"]) == {"08": payment_codes.code_of(invoice.id)}
    assert read(mother.get(f"/payments/{invoice.public_id}/code.png").content) == [text]
    assert printed(page, tmp_path) == [text]


def test_the_code_of_a_record_opens_the_page_that_checks_it(world: World, client_of, browser_page, tmp_path) -> None:
    now, place, child = clock.now(), world.here.organisation, world.here.enrolments[0].person
    transcript = Transcript.objects.create(organisation=place, person=child, opened_at=now)
    share = Share(
        organisation=place, transcript=transcript, parts=["results"], years=[], to="Trường mới", made_at=now,
        expires_at=now + timedelta(days=7),
    )  # fmt: skip
    code = sharing.code_of(share.public_id)
    share.code_hash = sharing.hash_of(code)
    share.save()
    page = browser_page(width=360, height=740)
    answer_by(client_of(world.here.guardians[0]), page)

    (address,) = seen(page, f"/records/shares/{share.public_id}/")

    assert address == f"{ORIGIN}/verify/{code}/"
    assert Client().get(urlsplit(address).path).status_code == 200
    assert printed(page, tmp_path) == [address]


def test_the_code_of_an_authenticator_makes_the_numbers_that_are_asked_for(world: World, browser_page) -> None:
    Password.objects.create(account=world.department_officer, hash=KEPT, set_at=clock.now())
    officer = Client()
    officer.post("/sign-in/", {"handle": world.department_officer.user_name, "password": SECRET})
    page = browser_page(width=360, height=740)
    answer_by(officer, page)

    (text,) = seen(page, "/account/second-factor/app/")

    address = urlsplit(text)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    given = parse_qs(address.query)
    assert given["issuer"] == ["Khuê"]
    assert set(given) <= {"secret", "issuer", "period", "digits", "algorithm"}
    assert page.locator("code").inner_text().replace(" ", "") == given["secret"][0]
    numbers = pyotp.parse_uri(text).now()
    assert officer.post("/account/second-factor/app/", {"code": numbers}).text.count("-") >= 20
