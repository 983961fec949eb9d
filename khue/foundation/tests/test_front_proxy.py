import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from khue.foundation.tests.front_pages import PAGE
from khue.foundation.tests.processes import Server, server

MEGABYTE = 1024 * 1024
FILM = bytes(range(250)) * 20_000


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("pages") / "log"
    with server(
        "wsgi", "khue.foundation.tests.front_pages:application", "--blocking-threads", "1", "--backpressure", "8",
        "--respawn-failed-workers", "--respawn-interval", "0.2", log=log,
    ) as running:  # fmt: skip
        yield running


@pytest.fixture(scope="module")
def front(pages: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("front")
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / "film").write_bytes(FILM)
    (folder / "secret").write_text("key")
    with server(
        "asgi", "khue.asgi:application", log=folder / "log", KHUE_WEB=pages.address, KHUE_VAR=str(folder)
    ) as running:
        yield running


def test_a_request_arrives_as_it_was_sent(front: Server) -> None:
    answer = httpx.post(
        f"{front.url}/l%E1%BB%9Bp/6A?t%C3%AAn=A%20B&x=1", content=b"body", headers={"X-Own": "kept", "Accept": "a/b"}
    ).json()

    said = answer["said"]
    assert (said["REQUEST_METHOD"], said["QUERY_STRING"]) == ("POST", "t%C3%AAn=A%20B&x=1")
    assert said["PATH_INFO"].encode("latin-1").decode() == "/lớp/6A"
    assert (said["HTTP_X_OWN"], said["HTTP_ACCEPT"], said["HTTP_HOST"]) == ("kept", "a/b", front.address)
    assert (answer["body"], answer["body_length"], said["CONTENT_LENGTH"]) == ("body", 4, "4")


def test_a_body_in_pieces_arrives_whole(front: Server) -> None:
    answer = httpx.post(f"{front.url}/echo", content=(bytes(65_536) for _ in range(160))).json()

    assert answer["body_length"] == 10 * MEGABYTE


def test_only_the_front_says_where_a_request_comes_from(front: Server) -> None:
    forged = {
        "X-Forwarded-For": "8.8.8.8", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
        "X-Khue-Front": "forged", "X_Forwarded_Host": "evil.example", "Forwarded": "for=8.8.8.8",
        "X-Real-IP": "8.8.8.8",
        "Connection": "keep-alive, X-Secret", "X-Secret": "for the next hop only", "TE": "trailers",
    }  # fmt: skip
    said = httpx.get(f"{front.url}/echo", headers=forged).json()["said"]

    assert said["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert (said["HTTP_X_FORWARDED_HOST"], said["HTTP_X_FORWARDED_PROTO"]) == (front.address, "http")
    assert said["HTTP_X_KHUE_FRONT"] == "files"
    assert not {"HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_SECRET", "HTTP_TE"} & set(said)


def test_a_trusted_proxy_in_front_is_believed(pages: Server, tmp_path: object) -> None:
    with server(
        "asgi", "khue.asgi:application", log=tmp_path / "log",  # type: ignore[operator]
        KHUE_WEB=pages.address, KHUE_TRUSTED_PROXIES="127.0.0.0/8, 10.0.0.1",
    ) as front:  # fmt: skip
        told = {
            "X-Forwarded-For": "6.6.6.6, 203.113.1.9, 10.0.0.1",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "k.vn",
        }
        said = httpx.get(f"{front.url}/echo", headers=told).json()["said"]

    assert said["HTTP_X_FORWARDED_FOR"] == "203.113.1.9"
    assert (said["HTTP_X_FORWARDED_HOST"], said["HTTP_X_FORWARDED_PROTO"]) == ("k.vn", "https")


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_a_page_leaves_compressed_as_the_browser_likes_it(front: Server, encoding: str) -> None:
    answer = httpx.get(f"{front.url}/page", headers={"Accept-Encoding": encoding})

    assert answer.headers.get("content-encoding", "identity") == encoding
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["etag"] == ('"1"' if encoding == "identity" else 'W/"1"')
    if encoding == "identity":
        assert answer.content == PAGE
    else:
        assert answer.headers["vary"] == "Cookie, accept-encoding"
        assert int(answer.headers["content-length"]) < len(PAGE) // 10
    if encoding == "gzip":
        assert answer.content == PAGE


def test_answers_without_a_body_keep_the_connection_in_step(front: Server) -> None:
    with httpx.Client(base_url=front.url) as client:
        assert client.head("/page").headers["etag"] == '"1"'
        assert client.get("/unchanged").status_code == 304
        assert client.get("/nothing").status_code == 204
        assert client.get("/page", headers={"Accept-Encoding": "identity"}).content == PAGE


def test_a_flowing_answer_comes_as_it_is_made(front: Server) -> None:
    with httpx.stream("GET", f"{front.url}/ticks") as answer:
        arrivals = [(line, time.monotonic()) for line in answer.iter_lines()]

    assert [line for line, _ in arrivals] == ["tick 0", "tick 1", "tick 2"]
    assert arrivals[2][1] - arrivals[0][1] > 0.4


def test_a_long_answer_is_not_kept_in_memory(front: Server) -> None:
    before = front.memory
    with httpx.stream("GET", f"{front.url}/long") as answer:
        received = 0
        for number, piece in enumerate(answer.iter_bytes()):
            received += len(piece)
            if number == 0:
                time.sleep(0.5)  # a slow reader: the rest must wait on the other side
                held = front.memory - before

    assert received == 50_000_000
    assert held < 8 * MEGABYTE


def test_a_long_body_is_not_kept_in_memory(front: Server) -> None:
    before = front.memory
    largest = 0

    def pieces() -> Iterator[bytes]:
        nonlocal largest
        for number in range(500):
            if number % 50 == 0:
                largest = max(largest, front.memory - before)
            yield bytes(100_000)

    assert httpx.post(f"{front.url}/echo", content=pieces(), timeout=30).json()["body_length"] == 50_000_000
    assert largest < 8 * MEGABYTE


def test_a_body_beyond_the_limit_is_refused(front: Server) -> None:
    with socket.create_connection(("127.0.0.1", front.port)) as browser:
        browser.sendall(b"POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\nx" % (65 * MEGABYTE))
        answer = browser.recv(4096)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"title":"too_large"' in answer


def test_a_browser_on_a_slow_line_holds_up_nobody(front: Server) -> None:
    with socket.create_connection(("127.0.0.1", front.port)) as slow:
        slow.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nonly the beginning")
        time.sleep(0.1)
        answer = httpx.get(f"{front.url}/page", timeout=30)  # the pages' server has one worker thread

    assert answer.status_code == 200


def test_a_file_that_the_pages_name_is_sent_without_them(front: Server) -> None:
    part = httpx.get(f"{front.url}/film")
    whole = httpx.get(f"{front.url}/whole-film")

    assert (part.status_code, part.content) == (206, FILM[1_000_000:3_000_000])
    assert (whole.status_code, whole.content == FILM) == (200, True)
    assert (whole.headers["content-type"], whole.headers["content-length"]) == ("video/mp4", "5000000")
    assert "x-khue-file" not in part.headers
    assert httpx.get(f"{front.url}/secret").status_code == 500


def test_what_came_of_an_upload_before_the_line_broke_is_passed_on(front: Server) -> None:
    with socket.create_connection(("127.0.0.1", front.port)) as line:
        line.sendall(
            b"PATCH /upload HTTP/1.1\r\nHost: a\r\nUpload-Offset: 0\r\nContent-Length: 900000\r\n\r\n" + bytes(700_000)
        )
        time.sleep(0.3)
    time.sleep(0.3)

    assert httpx.get(f"{front.url}/last-length").text == "700000"


def test_half_a_form_is_not_passed_on(front: Server) -> None:
    httpx.post(f"{front.url}/echo", content=b"12345")
    with socket.create_connection(("127.0.0.1", front.port)) as line:
        line.sendall(b"POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nname=Nguy")
        time.sleep(0.3)
    time.sleep(0.3)

    assert httpx.get(f"{front.url}/last-length").text == "5"


def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(front: Server) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{front.url}/breaks")

    assert httpx.get(f"{front.url}/page").status_code == 200  # the worker is made again meanwhile


def test_a_restart_of_the_pages_goes_unnoticed(front: Server, pages: Server) -> None:
    httpx.get(f"{front.url}/page")
    pages.kill()
    threading.Timer(0.5, pages.start).start()

    assert httpx.get(f"{front.url}/page", timeout=10).status_code == 200
    assert httpx.post(f"{front.url}/echo", content=b"x", timeout=10).json()["body_length"] == 1


def test_while_the_pages_are_away_people_and_programs_are_told(front: Server, pages: Server) -> None:
    pages.kill()
    try:
        with ThreadPoolExecutor() as browsers:
            asked = browsers.submit(httpx.get, f"{front.url}/page", timeout=10)
            sent = browsers.submit(httpx.post, f"{front.url}/api/marks", timeout=10)
            page, program = asked.result(), sent.result()
    finally:
        pages.start()

    assert (page.status_code, page.headers["retry-after"]) == (502, "5")
    assert "Máy chủ đang khởi động lại" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert (program.status_code, program.json()["title"]) == (502, "restarting")
    assert httpx.get(f"{front.url}/page").status_code == 200
