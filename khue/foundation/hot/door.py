"""POST /hot/<kind>: check the ticket, read the body, wait for the commit, answer."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.foundation.front import asgi
from khue.foundation.front.asgi import Receive, Scope, Send
from khue.foundation.hot import registry, tickets
from khue.foundation.hot.lane import Full, Lane, Unavailable
from khue.foundation.hot.registry import Ack, HotKind, Write

#: Bytes of one write's body.
BODY_LIMIT = 64 * 1024
COME_AGAIN = [(b"retry-after", b"2")]
SAVED_BODY = b'{"saved":true}'


class _Refused(Exception):
    """The write does not get as far as the lane."""

    def __init__(self, status: int, code: str, detail: str | Promise, headers: asgi.Headers | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers or []


class HotDoor:
    """One per process; a lane for each kind that is written."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request whose path starts with /hot/."""
        try:
            ack = await self._acknowledged(scope, receive)
        except asgi.Gone:
            return
        except _Refused as refused:
            await asgi.problem(scope, send, refused.status, refused.code, refused.detail, headers=refused.headers)
            return
        if ack.refusal:
            status = 403 if ack.refusal == "outside_scope" else 422
            await asgi.problem(scope, send, status, ack.refusal, ack.detail, values=ack.values)
        elif ack.values:
            await asgi.answer_json(send, {"saved": True, **ack.values})
        else:
            await asgi.answer(send, 200, asgi.JSON, SAVED_BODY)

    async def finish(self) -> None:
        """Commit what waits: the process is about to end."""
        for lane in self._lanes.values():
            await lane.finish()

    async def _acknowledged(self, scope: Scope, receive: Receive) -> Ack:
        kind = registry.kind_of(scope["path"][len("/hot/") :])
        if kind is None:
            raise _Refused(404, "unknown_kind", _("Không có loại dữ liệu này."))
        if scope["method"] != "POST":
            raise _Refused(405, "method_not_allowed", _("Chỉ nhận POST."), [(b"allow", b"POST")])
        ticket = _ticket_of(scope, kind.name)
        body = await self._body_of(scope, receive, kind)
        write = Write(ticket.subject, ticket.organisation_id, body, datetime.now(UTC))
        try:
            return await self._lane(kind).submit(write)
        except Full:
            raise _Refused(503, "busy", _("Máy chủ đang bận, sẽ tự gửi lại."), COME_AGAIN) from None
        except Unavailable:
            raise _Refused(503, "unavailable", _("Chưa lưu được, sẽ tự gửi lại."), COME_AGAIN) from None
        except Exception:  # logged in the lane; the outermost door answers
            raise _Refused(500, "fault", _("Có lỗi ở máy chủ, chưa lưu được.")) from None

    def _lane(self, kind: HotKind[Any]) -> Lane:
        lane = self._lanes.get(kind.name)
        if lane is None:
            lane = self._lanes[kind.name] = Lane(kind)
        return lane

    async def _body_of(self, scope: Scope, receive: Receive, kind: HotKind[Any]) -> Any:
        decoder = self._decoders.get(kind.name)
        if decoder is None:
            decoder = self._decoders[kind.name] = msgspec.json.Decoder(kind.body)
        try:
            return decoder.decode(await asgi.body_of(scope, receive, BODY_LIMIT))
        except asgi.TooLarge:
            raise _Refused(413, "too_large", _("Dữ liệu gửi lên quá lớn.")) from None
        except (msgspec.DecodeError, ValueError) as error:
            raise _Refused(422, "bad_body", str(error)) from None


def _ticket_of(scope: Scope, kind: str) -> tickets.Ticket:
    try:
        return tickets.verify(_ticket_text(scope), kind)
    except tickets.TicketExpired:
        raise _Refused(401, "ticket_expired", _("Phiên làm việc đã hết hạn. Hãy tải lại trang.")) from None
    except tickets.TicketInvalid:
        raise _Refused(401, "ticket_invalid", _("Vé không hợp lệ. Hãy tải lại trang.")) from None


def _ticket_text(scope: Scope) -> str:
    """From the Authorization header; from ?ticket= where a browser cannot set one (sendBeacon)."""
    authorization = asgi.header(scope, b"authorization")
    if authorization[:7].lower() == b"bearer ":
        return authorization[7:].decode("latin-1").strip()
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("ticket", [""])[0]
