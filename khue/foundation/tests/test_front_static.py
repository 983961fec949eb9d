import asyncio
import os
from pathlib import Path

import pytest

from khue.foundation.front import static
from khue.foundation.front.static import StaticFiles
from khue.foundation.tests.asgi_browser import Answer, call

HASHED = "ui/menu.0123456789ab.js"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ui").mkdir()
    for name, content in {
        HASHED: "export const menu = 1;",
        f"{HASHED}.br": "brotli",
        f"{HASHED}.gz": "gzipped..",
        "ui/plain.css": "a { color: red }",
        static.MANIFEST: "{}",
    }.items():
        (tmp_path / name).write_text(content)
    (tmp_path.parent / "secret").write_text("not yours")
    return tmp_path


def get(files: StaticFiles, name: str, method: str = "GET", **headers: str) -> Answer | None:
    """The answer, or None when it was left to the pages."""
    answered = True

    async def application(scope: object, receive: object, send: object) -> None:
        nonlocal answered
        answered = await files.answer(scope, send)  # type: ignore[arg-type]
        if not answered:
            await send({"type": "http.response.start", "status": 404, "headers": []})  # type: ignore[operator]

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = asyncio.run(call(application, method, f"/static/{name}", headers=named))
    return answer if answered else None


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [("gzip, deflate, br", "br", b"brotli"), ("gzip", "gzip", b"gzipped.."), ("", None, b"export const menu = 1;")],
)
def test_the_smallest_copy_that_the_browser_reads_is_sent(
    root: Path, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = get(StaticFiles(root), HASHED, accept_encoding=accepted)

    assert answer
    assert (answer.status, answer.body, answer.headers.get("content-encoding")) == (200, body, encoding)
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_name_without_a_hash_is_asked_for_again(root: Path) -> None:
    files = StaticFiles(root)
    first = get(files, "ui/plain.css")
    assert first
    again = get(files, "ui/plain.css", if_none_match=first.headers["etag"])
    assert again

    assert first.headers["cache-control"] == "public, max-age=60"
    assert (again.status, again.body) == (304, b"")


def test_head_has_the_headers_only(root: Path) -> None:
    answer = get(StaticFiles(root), "ui/plain.css", method="HEAD")

    assert answer
    assert (answer.body, answer.headers["content-length"]) == (b"", "16")


@pytest.mark.parametrize(
    "name", ["nothing.js", "../secret", "ui/../../secret", "", "ui", "staticfiles.json", "/etc/passwd"]
)
def test_anything_else_is_left_to_the_pages(root: Path, name: str) -> None:
    assert get(StaticFiles(root), name) is None


def test_posting_is_left_to_the_pages(root: Path) -> None:
    assert get(StaticFiles(root), "ui/plain.css", method="POST") is None


def test_a_new_collection_is_seen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "LOOK_AGAIN_SECONDS", -1.0)
    files = StaticFiles(root)
    assert get(files, "ui/new.css") is None

    (root / "ui/new.css").write_text("b {}")
    (root / static.MANIFEST).write_text("{ }")
    os.utime(root / static.MANIFEST, (1, 1))

    assert get(files, "ui/new.css") is not None


def test_before_the_first_collection_everything_is_left_to_the_pages(tmp_path: Path) -> None:
    assert get(StaticFiles(tmp_path), "ui/plain.css") is None
