"""One node as it runs in earnest, for a story: web, front with the hot door, worker, a real SMTP server, a browser."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from khue.assessment.tests.word_files import plain_paper
from khue.foundation import clock, scope
from khue.foundation.tests.conftest import Node, _url
from khue.foundation.tests.processes import free_port, server
from khue.identity import actions as identity
from khue.identity.models import Account
from khue.schools.models import SpecialDay, Term
from khue.timetable.models import Slot, TimetableVersion
from tests import warm
from tests.journeys.pages import overflow, violations
from tests.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

PUPILS = [("Trần Gia Bảo", "Lê Thị Hạnh"), ("Nguyễn Thị Ngọc Ánh", "Phạm Thu Hà"), ("Đặng Minh Đức", "Võ Thị Lan")]

#: Whatever fades in is looked at when it is there: half transparent, any text lacks contrast. At most two seconds.
SETTLED = """() => Promise.race([
    Promise.all(document.getAnimations().map(each => each.finished.catch(() => null))),
    new Promise(done => setTimeout(done, 2000)),
])"""


class Mailbox:
    """A real SMTP server that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 taken"

    def to(self, address: str) -> list[str]:
        """The raw texts of what was sent to an address."""
        return [e.content.decode() for e in self.taken if address in e.rcpt_tos]


@dataclass
class Day:
    """The running node and the pages its people opened."""

    address: str
    mailbox: Mailbox
    pages: list[Page] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def open(self, page: Page, account: Account) -> Page:
        """A page of this person's browser, signed in."""
        with scope.of_organisation(None):
            token = identity.open_session(
                account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=True
            )
        page.context.add_cookies([{"name": "khue_session", "value": token, "url": self.address}])
        page.goto(self.address)
        return page

    def look(self, page: Page) -> None:
        """Hold the page to what every page promises: nothing for axe, nothing wider than the window."""
        # A page half come in, without its style sheet, is nobody's page yet.
        page.wait_for_load_state()
        path = page.url.removeprefix(self.address)
        self.looked_at.add(path.split("?")[0])
        page.evaluate(SETTLED)
        assert not (found := violations(page)), f"{path}: {found}"
        assert overflow(page) == 0, path


@contextmanager
def running(node: Node, var: Path, **more: str) -> Iterator[Day]:
    """Start everything, with more in the environment where given; stop it at the end."""
    mailbox, port = Mailbox(), free_port()
    mail = Controller(mailbox, hostname="127.0.0.1", port=port)
    mail.start()
    urls = {"DATABASE_URL": _url("default", node.name), "DATABASE_OWNER_URL": _url("owner", node.name)}
    common = {**urls, "KHUE_VAR": str(var), "KHUE_DEBUG": "1", "KHUE_SMTP": f"smtp://127.0.0.1:{port}", **more}
    # What the timetable's search was compiled to serves every node of these sources.
    compiled = Path(settings.VAR_DIR) / "numba"
    compiled.mkdir(parents=True, exist_ok=True)
    (var / "numba").symlink_to(compiled.absolute())
    worker = warm.Process(warm.Program({**os.environ, **common}, module="khue.cli", arguments=("worker",)))
    try:
        with (
            server("wsgi", "khue.wsgi:application", "--blocking-threads", "2", log=var / "web", **common) as web,
            server("asgi", "khue.asgi:application", log=var / "front", KHUE_WEB=web.address, **common) as front,
        ):
            yield Day(front.url, mailbox)
    finally:
        worker.terminate()
        worker.wait()
        mail.stop()


def make_today_a_school_day(world: World) -> Slot:
    """Whatever the calendar says, today is taught like a Monday, and 6A has Toán in the first period."""
    here, today = world.here, clock.today()
    Term.objects.filter(id=here.term.id).update(
        starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=60)
    )
    Term.objects.filter(id=here.term_2.id).update(
        starts_on=today + timedelta(days=61), ends_on=today + timedelta(days=180)
    )
    here.year.starts_on, here.year.ends_on = today - timedelta(days=60), today + timedelta(days=180)
    here.year.save()
    SpecialDay.objects.create(
        organisation=here.organisation, school_year=here.year, day=today, kind="make_up", taught_as=1, title="Học bù"
    )
    version = TimetableVersion.objects.create(
        organisation=here.organisation, term=here.term, title="Tuần 1", valid_from=today - timedelta(days=30)
    )
    return Slot.objects.create(
        organisation=here.organisation, version=version, class_subject=here.maths, staff=here.teacher_staff, weekday=1,
        session="am", period=1,
    )  # fmt: skip


def roster_file() -> bytes:
    """The list of class 6A as a school keeps it: a title above, headings of the sector database."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH HỌC SINH LỚP 6A"])
    sheet.append(["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Họ tên mẹ", "Email mẹ"])
    for number, (pupil, mother) in enumerate(PUPILS, 1):
        sheet.append([number, pupil, f"0{number}/03/2015", "Nam", "6A", mother, f"me{number}@example.vn"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def paper() -> bytes:
    """A Word paper of ten questions; the right choice, always B, is bold."""
    stem = "Câu {0}. Số liền sau của {0} là số nào?\nA. {0}\n**B. {1}\nC. {2}\nD. {3}"
    return plain_paper(*[stem.format(n, n + 1, n + 2, n + 3) for n in range(1, 11)])
