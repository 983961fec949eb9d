"""A load that is bounded by what it is answered: each connection asks again when it has its answer.

Driven by wrk where there is one, because it costs next to nothing beside the servers on the same two cores; else by a
small client of our own, whose cost then weighs on the rate (never on the processor time, which is the servers' alone).
"""

import asyncio
import json
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WRK = shutil.which("wrk")


#: In a body: a number of as many digits that rises with every request, also from one load to the next.
RISING = "@" * 16


@dataclass(frozen=True)
class Request:
    """One thing to ask. A body may hold RISING."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Answered:
    """What came of a load.

    count     answers of any kind
    errors    answers other than 2xx and 3xx, and connections that broke
    seconds   how long it was driven
    p50, p99  milliseconds that half and 99 of 100 answers took at most
    """

    count: int
    errors: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return (self.count - self.errors) / self.seconds


def drive(address: str, requests: Sequence[Request], *, connections: int, seconds: float) -> Answered:
    """Ask for these things in random order over that many connections for that long.

    address   host:port
    """
    by = _by_wrk if WRK else _by_ourselves
    return by(address, requests, connections, seconds)


SCRIPT = """
local asked = %s
local ready = {}
init = function()
  math.randomseed(os.time())
  for i, r in ipairs(asked) do ready[i] = wrk.format(r[1], r[2], r[3], r[4] ~= "" and r[4] or nil) end
end
local count = 0
request = function()
  count = count + 1
  return (string.gsub(ready[math.random(#ready)], "%s", string.format("%%d%%06d", os.time(), count %% 1000000)))
end
done = function(summary, latency)
  local e = summary.errors
  local failed = e.status + e.connect + e.read + e.write + e.timeout
  io.write(string.format("RESULT %%d %%d %%d %%f %%f\\n", summary.requests, failed, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
"""


def _by_wrk(address: str, requests: Sequence[Request], connections: int, seconds: float) -> Answered:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (_lua([[r.method, r.path, dict(r.headers), r.body] for r in requests]), RISING))
        script.flush()
        command = [
            str(WRK),
            "-t1",
            f"-c{connections}",
            f"-d{max(1, round(seconds))}s",
            "-s",
            script.name,
            f"http://{address}",
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    result = re.search(r"RESULT (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)", said)
    if result is None:
        raise RuntimeError(f"wrk said: {said}")
    count, errors, microseconds = (int(result[i]) for i in (1, 2, 3))
    return Answered(count, errors, microseconds / 1e6, float(result[4]) / 1e3, float(result[5]) / 1e3)


def _lua(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"[{_lua(key)}]={_lua(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ",".join(map(_lua, value)) + "}"
    return json.dumps(value, ensure_ascii=False)


def _by_ourselves(address: str, requests: Sequence[Request], connections: int, seconds: float) -> Answered:
    return asyncio.run(_driven(address, requests, connections, seconds))


async def _driven(address: str, requests: Sequence[Request], connections: int, seconds: float) -> Answered:
    host, _, port = address.rpartition(":")
    wire = [_wire(address, request) for request in requests]
    took: list[float] = []
    errors = 0
    end = time.monotonic() + seconds

    async def browser() -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection(host, int(port))
        while time.monotonic() < end:
            begun = time.perf_counter()
            writer.write(random.choice(wire).replace(RISING.encode(), b"%d" % (time.time_ns() // 1000)))
            errors += not 200 <= await _status(reader) < 400
            took.append((time.perf_counter() - begun) * 1e3)
        writer.close()

    begun = time.monotonic()
    broken = [r for r in await asyncio.gather(*(browser() for _ in range(connections)), return_exceptions=True) if r]
    took.sort()
    errors += len(broken)
    elapsed = time.monotonic() - begun
    return Answered(len(took), errors, elapsed, took[len(took) // 2], took[len(took) * 99 // 100])


def _wire(address: str, request: Request) -> bytes:
    body = request.body.encode()
    headers = {"Host": address, **request.headers, "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{request.method} {request.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = re.search(rb"content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head[9:12])
