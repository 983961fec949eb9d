"""A roster on its way over real HTTP when the line is lost: nothing is half-written, and what has arrived stays."""

import re
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

from khue.foundation import clock
from khue.foundation.models import StoredFile, Upload
from khue.identity import actions as identity
from khue.schools.models import RosterImport
from khue.schools.tests.roster.workbooks import roster
from tests.world import World
from tests.world import world as make_world

DATA = roster(*([n, f"87{n:08}", "Nguyễn Văn An", "02/03/2015", "Nam", "6A"] for n in range(1, 900)))


@pytest.fixture
def world(committed_db: str, settings, tmp_path) -> World:
    settings.FILES_ROOT = tmp_path
    return make_world()


@pytest.fixture
def browser(world: World) -> Iterator[httpx.Client]:
    """The clerk's browser, signed in at a node that answers on an address of its own, with the token of its forms."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    account = world.here.clerk
    session = identity.open_session(
        account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=True
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", cookies={"khue_session": session}) as client:
        page = client.get("/rosters/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found is not None
        client.headers.update({"X-CSRFToken": found[1], "Referer": f"{client.base_url}/rosters/"})
        yield client
    server.terminate()


def send_half(client: httpx.Client, request: httpx.Request) -> None:
    """Say how much will come, send half of it, and be gone."""
    body = request.read()
    head = [f"{request.method} {request.url.raw_path.decode()} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    with socket.create_connection((client.base_url.host, client.base_url.port)) as line:
        line.sendall("\r\n".join([*head, "", ""]).encode() + body[: len(body) // 2])
        time.sleep(0.3)
        line.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )  # a reset, no farewell
    time.sleep(0.5)


def test_a_roster_sent_in_pieces_goes_on_where_the_line_was_lost(world: World, browser: httpx.Client) -> None:
    asked = {
        "purpose": "schools.roster", "name": "6A.xlsx", "size": len(DATA),
        "organisation": world.here.organisation.id,
    }  # fmt: skip
    address = browser.post("/uploads/", json=asked).headers["Location"]
    piece = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}

    send_half(browser, browser.build_request("PATCH", address, content=DATA, headers=piece))

    arrived = int(browser.head(address).headers["Upload-Offset"])
    assert 0 <= arrived <= len(DATA) // 2
    assert not StoredFile.objects.exists()
    early = {"school_year": str(world.here.year.public_id), "file_upload": str(Upload.objects.get().public_id)}
    assert browser.post("/rosters/", data=early).status_code == 422
    assert not RosterImport.objects.exists()

    rest = browser.patch(address, content=DATA[arrived:], headers={**piece, "Upload-Offset": str(arrived)})
    assert rest.json()["done"]
    assert browser.post("/rosters/", data=early).status_code == 303
    assert RosterImport.objects.get().file.size == len(DATA)


def test_a_form_cut_in_the_middle_leaves_nothing_and_can_be_sent_again(world: World, browser: httpx.Client) -> None:
    def form() -> httpx.Request:
        return browser.build_request(
            "POST", "/rosters/", data={"school_year": str(world.here.year.public_id)}, files={"file": ("6A.xlsx", DATA)}
        )

    send_half(browser, form())

    assert not RosterImport.objects.exists()
    assert not StoredFile.objects.exists()
    assert browser.send(form()).status_code == 303
    assert RosterImport.objects.get().file.size == len(DATA)
