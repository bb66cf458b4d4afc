"""What every request passes first: is it meant for us, has it the token, does its body come in time."""

from __future__ import annotations

import asyncio
from hmac import compare_digest

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import fault_response
from .settings import LOOPBACK, Settings

__all__ = ["Guard"]

OPEN_PATHS = ("/", "/openapi.json", "/health")
OPEN_FOLDER = "/page/"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "media-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Refuses requests for other hosts (a page elsewhere that got our address), without the token, too long, too slow.

    Every answer forbids the browser to load or send anything elsewhere.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body_s, most = self.settings.limits.body_s, self.settings.limits.most_bytes
        has_come, size = False, 0

        async def receive_in_time() -> Message:
            nonlocal has_come, size
            if has_come:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), body_s)
            except TimeoutError:
                raise HTTPException(408, f"the request did not come within {body_s:g} seconds") from None
            size += len(message.get("body", b""))
            if size > most:
                raise HTTPException(413, f"a request may have {most:,} bytes; send less")
            has_come = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope["path"], Headers(scope=scope))
        if refusal:
            await fault_response(*refusal)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive_in_time, send_with_headers)

    def _refusal(self, path: str, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if not self.settings.is_open and name.strip("[]") not in LOOPBACK:
            return 400, f"this server answers to {LOOPBACK[0]} and localhost only"
        token = self.settings.token
        if not token or path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
            return None
        given = headers.get("authorization", "").removeprefix("Bearer ").encode()
        if compare_digest(given, token.encode()):
            return None
        return 401, "this server needs its token: send it as 'Authorization: Bearer TOKEN'"
