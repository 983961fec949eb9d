"""Which door a request goes through."""

from khue.foundation.front.asgi import Receive, Scope, Send
from khue.foundation.hot.door import HotDoor


class Front:
    """The ASGI application behind the node's one address."""

    def __init__(self) -> None:
        self.hot = HotDoor()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's start and end."""
        if scope["type"] == "http":
            if scope["path"].startswith("/hot/"):
                await self.hot(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await self.hot.finish()
        await send({"type": "lifespan.shutdown.complete"})
