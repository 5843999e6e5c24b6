"""A line to a broker that is not ours to kill: passes bytes on, and can be killed in its place.

Usage: `python -m tests.chaos.proxy PORT HOST PORT`.
"""

from __future__ import annotations

import asyncio
import sys


async def main(port: int, host: str, behind: int) -> None:
    """Until killed."""

    async def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection(host, behind)
        await asyncio.gather(pass_on(reader, other_writer), pass_on(other_reader, writer))

    async with await asyncio.start_server(call, "127.0.0.1", port) as server:
        await server.serve_forever()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, to its end."""
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
