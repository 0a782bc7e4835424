"""A small load client: keep-alive connections on loopback, bounded in time."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MakeRequest = Callable[[], bytes]


@dataclass(frozen=True)
class Load:
    """What a burst of requests came to: how many, how fast, the answers by status."""

    requests: int
    seconds: float
    statuses: dict[int, int]
    slowest_percentile_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def run(port: int, makers: Sequence[MakeRequest], *, seconds: float) -> Load:
    """Send requests to 127.0.0.1 for so many seconds, over a connection for each maker."""
    return asyncio.run(_run(port, makers, seconds))


async def _run(port: int, makers: Sequence[MakeRequest], seconds: float) -> Load:
    statuses: dict[int, int] = {}
    times: list[float] = []
    begin = time.perf_counter()
    end = begin + seconds

    async def client(make_request: MakeRequest) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while time.perf_counter() < end:
                started = time.perf_counter()
                writer.write(make_request())
                status = await _read_answer(reader)
                times.append(time.perf_counter() - started)
                statuses[status] = statuses.get(status, 0) + 1
        finally:
            writer.close()

    await asyncio.gather(*(client(make_request) for make_request in makers))
    took = time.perf_counter() - begin
    times.sort()
    return Load(
        requests=len(times),
        seconds=took,
        statuses=statuses,
        slowest_percentile_ms=times[int(len(times) * 0.99)] * 1000,
    )


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length:
        await reader.readexactly(length)
    return status


def request_bytes(
    method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """Write one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
