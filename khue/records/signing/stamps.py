"""Time stamps of an RFC 3161 server, for XAdES and for PAdES alike."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from khue.foundation import calls
from khue.records.signing.keys import ProviderFailed
from khue.records.signing.tokens import is_bare

SECONDS = 20
#: Authorities that are reached in another way than over the net, by pattern: see demonstration.lines_to.
Lines = Mapping[str, httpx.BaseTransport] | None
MOST_BYTES = 64 * 1024
#: Most of a time stamp is waiting for its line, so that several are on their way at once.
AT_ONCE = 4


class Stamper(TimeStamper):
    """A time-stamping authority at an address. Keeps its line open; close it after use."""

    def __init__(self, address: str, lines: Lines = None) -> None:
        super().__init__()
        self._address = address
        self._client = calls.client(timeout=SECONDS, mounts=lines)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """What the library asks for; the answer's nonce and status it checks itself."""
        headers = {"Content-Type": "application/timestamp-query"}
        try:
            answer = self._client.post(self._address, content=req.dump(), headers=headers)
        except httpx.HTTPError as error:
            raise TimestampRequestError(str(error)) from error
        if answer.status_code != httpx.codes.OK or len(answer.content) > MOST_BYTES:
            raise TimestampRequestError(f"the server answers {answer.status_code}")
        try:
            said = tsp.TimeStampResp.load(answer.content)
            granted = said["status"]["status"].native in ("granted", "granted_with_mods")
            if granted and not is_bare(said["time_stamp_token"]["content"]):
                raise TimestampRequestError("the server's stamps hold what no signature covers")
        except ValueError as error:
            raise TimestampRequestError(str(error)) from error
        return said

    def token(self, stamped: bytes) -> bytes:
        """A time-stamp token over these bytes, DER. Raises ProviderFailed."""
        try:
            made = asyncio.run(self.async_timestamp(hashlib.sha256(stamped).digest(), "sha256"))
        except (TimestampRequestError, OSError, ValueError) as error:
            raise ProviderFailed(f"time stamp: {error}") from error
        return bytes(made.dump())

    def tokens(self, stamped: Sequence[bytes]) -> list[bytes]:
        """A token over each, in their order. Raises ProviderFailed."""
        with ThreadPoolExecutor(AT_ONCE) as lines:
            return list(lines.map(self.token, stamped))

    def certificates(self) -> list[bytes]:
        """The certificates that the authority sends along, DER. Raises ProviderFailed."""
        try:
            asyncio.run(self._ensure_dummy())
        except (TimestampRequestError, OSError, ValueError) as error:
            raise ProviderFailed(f"time stamp: {error}") from error
        return [bytes(one.dump()) for one in [*self._certs.values(), *self.cert_registry]]

    def close(self) -> None:
        self._client.close()
