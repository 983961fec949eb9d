"""An office's list of reports: searched, narrowed, taken along, and as long as there are schools."""

import io
import re

import openpyxl

from khue.indicators import actions
from khue.indicators.tests.test_indicators import asked
from khue.indicators.tests.test_reports import ClientOf, _noon, signed, signing
from tests.world import NOON, World, actor, organisation

__all__ = ["_noon", "signing"]


def test_the_list_of_an_office_is_searched_narrowed_and_taken_along(signing: World, client_of: ClientOf) -> None:
    officer, office = client_of(signing.department_officer), f"/indicators/{signing.department.public_id}/reports/"
    actions.send_report(actor=actor(signing.here.head), report=signed(signing), at=NOON)

    def named(query: str) -> list[bool]:
        page = officer.get(office + query).content.decode()
        return [name in page for name in ("THCS Mỹ An", "THCS&amp;THPT Đốc Binh Kiều")]

    assert named("?q=my+an") == [True, False]
    assert named("?show=missing") == [False, True]
    assert named("?show=sent&period=start") == [True, False]
    assert named("?show=sent&period=mid") == [False, False]
    assert named("?show=x&period=x&after=x") == [True, True]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(officer.get(f"{office}?export=xlsx").streaming_content)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert [(row[0], row[2]) for row in rows] == [
        ("THCS Mỹ An", "đã gửi"), ("THCS&THPT Đốc Binh Kiều", "chưa gửi"),
    ]  # fmt: skip


def test_the_list_of_an_office_goes_on_behind_its_fiftieth_school(signing: World, client_of: ClientOf) -> None:
    client, office = client_of(signing.department_officer), f"/indicators/{signing.department.public_id}/reports/"
    asked(client, office)
    before = asked(client, office)
    for number in range(60):
        organisation("school", f"Trường số {number:02}", signing.commune_office)

    assert asked(client, office) == before <= 12
    page = client.get(office).content.decode()
    assert "trên 62 trường" in page
    further = re.search(r'rel="next" href="([^"]+)"', page)
    assert further
    rest = client.get(office + further[1].replace("&amp;", "&")).content.decode()
    assert "Trường số 59" in rest
    assert "Trường số 59" not in page
