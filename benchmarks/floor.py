# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that the same work can cost in Python: a plain script that knows what to send and looks at nothing.

Usage: floor.py requests|aiohttp FILE. It is JSON: ``{url, log_in, headers, session, listings, writes, connections}``,
with calls as ``[method, path, body or null]``. ``session`` names the token in the log-in's answer, and the header that
carries it from then on instead of ``headers``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Work = dict[str, Any]


def with_requests(work: Work) -> None:
    """One session for each thread."""
    import threading
    from concurrent.futures import ThreadPoolExecutor

    import requests

    local = threading.local()
    headers = dict(work["headers"])

    def send(call: list[Any]) -> Any:
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.trust_env = False
        method, path, body = call
        answer = local.session.request(method, work["url"] + path, json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    with ThreadPoolExecutor(work["connections"]) as pool:
        if work["log_in"]:
            answer = pool.submit(send, work["log_in"]).result()
            headers = {work["session"]: answer[work["session"]]}
        for listing in work["listings"][:1]:
            pool.submit(send, listing).result()
        list(pool.map(send, work["writes"]))
        for listing in work["listings"][1:]:
            pool.submit(send, listing).result()


def with_aiohttp(work: Work) -> None:
    """One session, so many connections."""
    import asyncio

    import aiohttp

    async def main() -> None:
        headers = dict(work["headers"])
        connector = aiohttp.TCPConnector(limit=work["connections"])
        async with aiohttp.ClientSession(connector=connector) as session:

            async def send(call: list[Any]) -> Any:
                method, path, body = call
                async with session.request(method, work["url"] + path, json=body, headers=headers) as answer:
                    answer.raise_for_status()
                    text = await answer.read()
                    return json.loads(text) if text else None

            if work["log_in"]:
                answer = await send(work["log_in"])
                headers = {work["session"]: answer[work["session"]]}
            for listing in work["listings"][:1]:
                await send(listing)
            await asyncio.gather(*map(send, work["writes"]))
            for listing in work["listings"][1:]:
                await send(listing)

    asyncio.run(main())


if __name__ == "__main__":
    {"requests": with_requests, "aiohttp": with_aiohttp}[sys.argv[1]](json.loads(Path(sys.argv[2]).read_text()))
