"""Which door a request goes through."""

import ipaddress
import os

from django.conf import settings

from khue.foundation.front.asgi import Receive, Scope, Send
from khue.foundation.front.proxy import Proxy
from khue.foundation.front.static import PREFIX, StaticFiles
from khue.foundation.hot.door import HotDoor
from khue.foundation.live.door import LiveDoor


class Front:
    """The ASGI application behind the node's one address.

    KHUE_WEB               where the pages' server listens: "host:port" or the path of a Unix socket
    KHUE_TRUSTED_PROXIES   networks of the proxies in front ("10.0.0.0/8,192.0.2.1"); nobody else is believed
    """

    def __init__(self) -> None:
        web = os.environ.get("KHUE_WEB", "127.0.0.1:8001")
        trusted = os.environ.get("KHUE_TRUSTED_PROXIES", "").split(",")
        self.hot = HotDoor()
        self.live = LiveDoor()
        self._static = StaticFiles(settings.STATIC_ROOT)
        self._pages = Proxy(web, tuple(ipaddress.ip_network(part.strip()) for part in trusted if part))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's start and end."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/hot/"):
            await self.hot(scope, receive, send)
        elif path.startswith("/live/"):
            await self.live(scope, receive, send)
        elif not (path.startswith(PREFIX) and await self._static.answer(scope, send)):
            await self._pages(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await self.live.finish()
        await self.hot.finish()
        self._pages.close()
        await send({"type": "lifespan.shutdown.complete"})
