"""What people and programs read while the pages cannot answer."""

from html import escape

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.foundation.front import asgi
from khue.foundation.front.asgi import Scope, Send

#: No style and no script: the page must pass our own content policy, and needs neither.
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{again}<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{detail}</p>
</body>
</html>
"""
AGAIN = '<meta http-equiv="refresh" content="5">\n'
COME_AGAIN = [(b"retry-after", b"5")]
HTML: asgi.Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


async def restarting(scope: Scope, send: Send) -> None:
    """502: the pages' server is away, most likely being started again."""
    detail = _("Máy chủ đang khởi động lại. Trang sẽ tự tải lại sau vài giây; dữ liệu đã lưu vẫn còn nguyên.")
    await _said(scope, send, 502, "restarting", _("Xin chờ một lát"), detail)


async def busy(scope: Scope, send: Send) -> None:
    """503: more people at once than the node serves."""
    detail = _("Đang có quá nhiều người truy cập. Trang sẽ tự tải lại sau vài giây.")
    await _said(scope, send, 503, "busy", _("Máy chủ đang bận"), detail)


async def too_large(scope: Scope, send: Send) -> None:
    """413: such a body comes in pieces or not at all."""
    detail = _("Dữ liệu gửi lên quá lớn. Hãy chia nhỏ tệp hoặc dùng chức năng tải tệp lên.")
    await _said(scope, send, 413, "too_large", _("Quá lớn"), detail)


async def _said(scope: Scope, send: Send, status: int, code: str, title: str | Promise, detail: str | Promise) -> None:
    comes_again = COME_AGAIN if status >= 500 else []
    if scope["path"].startswith("/api/") or b"json" in asgi.header(scope, b"accept"):
        await asgi.problem(scope, send, status, code, detail, headers=comes_again)
        return
    language = asgi.language_of(scope)
    with translation.override(language):
        page = PAGE.format(
            language=language,
            again=AGAIN if status >= 500 and scope["method"] == "GET" else "",
            title=escape(str(title)),
            detail=escape(str(detail)),
        )
    await asgi.answer(send, status, [*HTML, *comes_again], page.encode())
