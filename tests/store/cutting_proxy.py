"""Stands between a client and the server. `cut` = it passes commands on and then hangs up instead of answering."""

import asyncio
from pathlib import Path
from typing import Self


class CuttingProxy:
    """`async with CuttingProxy(folder, url) as proxy:` listens on `proxy.url`. `sent` counts commands while cut."""

    def __init__(self, folder: Path, server_url: str) -> None:
        self._path = folder / "p.sock"
        self._server_path = server_url.removeprefix("unix://")
        self._open: set[asyncio.StreamWriter] = set()
        self.url = f"unix://{self._path}"
        self.cut = False
        self.sent = 0

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_unix_server(self._serve, self._path)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        for writer in list(self._open):
            writer.close()
        await self._listener.wait_closed()

    async def _serve(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._server_path)
        self._open |= {to_client, to_server}
        while command := await from_client.read(65536):
            to_server.write(command)
            answer = await from_server.read(65536)
            if self.cut:
                self.sent += 1
                break
            to_client.write(answer)
        for writer in (to_client, to_server):
            writer.close()
            await writer.wait_closed()
        self._open -= {to_client, to_server}
