"""Pages leave compressed: on a village's line bytes cost more than the fraction of a millisecond this takes.

A page's own secret, the form token, is masked anew in every page by Django, so a compressed length tells nothing of it.
"""

import zlib

import brotli

from khue.foundation.front.asgi import Headers

#: Below this many bytes a packet is a packet.
WORTH_IT = 1_000
#: Bytes from which compressing would hold up everybody else's requests and goes to a thread.
LONG = 128 * 1024
#: Where one more level costs more time than it saves bytes: a table of 34 kB takes 0.2 ms and 0.13 ms.
BROTLI_QUALITY = 3
GZIP_LEVEL = 3
KINDS = (b"text/", b"application/json", b"application/problem+json", b"application/javascript", b"image/svg")


def compressed(headers: Headers, body: bytes, accepted: bytes) -> tuple[Headers, bytes]:
    """The answer as it goes over the line, unchanged when it is small, already encoded, or not text."""
    told = dict(headers)
    kind = told.get(b"content-type", b"")
    if len(body) < WORTH_IT or not kind.startswith(KINDS) or b"content-encoding" in told:
        return headers, body
    if b"br" in accepted:
        encoding, body = b"br", brotli.compress(body, quality=BROTLI_QUALITY)
    elif b"gzip" in accepted:
        encoding, body = b"gzip", zlib.compress(body, GZIP_LEVEL, wbits=31)
    else:
        return headers, body
    vary = b", ".join(filter(None, [told.get(b"vary", b""), b"accept-encoding"]))
    kept = [(name, value) for name, value in headers if name not in (b"vary", b"etag")]
    if b"etag" in told:
        kept.append((b"etag", told[b"etag"] if told[b"etag"].startswith(b"W/") else b"W/" + told[b"etag"]))
    return [*kept, (b"content-encoding", encoding), (b"vary", vary)], body
