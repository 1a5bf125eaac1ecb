"""Connections that never come to the point are ended; requests that take their time are not."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import uvicorn

from supporttui.intake.web.connection import Connection

LOOKS = 0.1


class Hasty(Connection):
    looks = LOOKS


async def slow(scope, receive, send):
    """Answers when it has read the whole body and a while has gone by."""
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(LOOKS * 4)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving(looks=LOOKS, **more):
    config = uvicorn.Config(
        slow, http=Hasty, lifespan="off", log_config=None, timeout_keep_alive=30, ws="none", **more
    )
    config.load()
    Hasty.looks = looks
    server = uvicorn.Server(config)
    listening = await asyncio.get_running_loop().create_server(
        lambda: Hasty(config=config, server_state=server.server_state, app_state={}), "127.0.0.1", 0
    )
    try:
        yield await asyncio.open_connection(*listening.sockets[0].getsockname()[:2])
    finally:
        listening.close()


async def ends(reader) -> bool:
    """Whether the server ends the connection within a few looks."""
    try:
        return await asyncio.wait_for(reader.read(), LOOKS * 20) == b""
    except TimeoutError:
        return False


async def test_a_silent_connection_is_ended():
    async with serving() as (reader, _writer):
        assert await ends(reader)


async def test_a_head_that_drips_is_ended():
    async with serving() as (reader, writer):
        ended = asyncio.ensure_future(ends(reader))
        for _ in range(40):
            if ended.done():
                break
            writer.write(b"G")
            await asyncio.sleep(LOOKS / 5)
        assert await ended


async def test_a_request_that_takes_its_time_is_answered():
    async with serving() as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
        for byte in b"body":
            await asyncio.sleep(LOOKS * 2)
            writer.write(bytes([byte]))
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 200")
        assert await asyncio.wait_for(reader.readuntil(b"ok"), 5)
        assert await ends(reader)  # idle after that


async def test_one_visitor_cannot_hold_all_connections_but_a_proxy_may(monkeypatch):
    monkeypatch.setattr(Hasty, "most_of_one", 5)
    for proxies, more in (([], False), (["127.0.0.0/8"], True)):
        async with serving(looks=30.0, forwarded_allow_ips=proxies) as (_reader, writer):
            place = writer.get_extra_info("peername")
            lines = [await asyncio.open_connection(*place[:2]) for _ in range(6)]
            assert await ends(lines[-1][0]) is not more
            lines[0][1].write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            assert (await asyncio.wait_for(lines[0][0].readline(), 5)).startswith(b"HTTP/1.1 200")
            for _, one in lines:
                one.close()
            await asyncio.sleep(LOOKS)
            assert Hasty.held["127.0.0.1"] <= 1
            again, line = await asyncio.open_connection(*place[:2])
            assert not await ends(again)
            line.close()
