"""A chat model behind an OpenAI-compatible address, asked with the standard library.

What passes (429, 5xx, a connection that breaks) is tried again after a pause that doubles; what concerns this question
alone (400, 413, 422) rejects it; anything else (401, 404) ends the work, for the next question would fare no better.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from ..errors import BackendError, DataError, UsageError
from .asking import Request

__all__ = ["Endpoint"]

MOST_BYTES: Final = 4_000_000
LONGEST_PAUSE_S: Final = 60.0
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
OF_THIS_QUESTION: Final = frozenset({400, 413, 422})


@dataclass(frozen=True)
class Endpoint:
    """The model `model` at `url` (up to and with `/v1`); a key is taken from the variable `key_variable`."""

    url: str
    model: str
    key_variable: str = "OPENAI_API_KEY"
    temperature: float = 0.7
    most_tokens: int = 4096
    timeout_s: float = 120.0
    attempts: int = 6
    pause_s: float = 1.0

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise UsageError(f"{self.url!r} is no address of an endpoint: it begins with http:// or https://")

    @property
    def name(self) -> str:
        return f"endpoint {self.model} {self.temperature:g}"

    def answer(self, request: Request) -> str:
        """What the model says. Raises `DataError` where it refuses this question, `BackendError` where it is gone."""
        body = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": request.instructions},
                {"role": "user", "content": json.dumps(request.metadata, ensure_ascii=False)},
            ],
            "temperature": self.temperature,
            "max_tokens": self.most_tokens,
            "seed": request.seed,
        }
        return _read_choice(self._post(json.dumps(body).encode()))

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        http = HttpRequest(f"{self.url.rstrip('/')}/chat/completions", body, headers)
        if key := os.environ.get(self.key_variable):
            http.add_unredirected_header("Authorization", f"Bearer {key}")
        said = ""
        for attempt in range(self.attempts):
            wait_s = self.pause_s * 2**attempt
            try:
                with urlopen(http, timeout=self.timeout_s) as response:
                    return bytes(response.read(MOST_BYTES))
            except HTTPError as fault:
                with fault:
                    said = f"{fault.code} {fault.read(200).decode('utf-8', 'replace').strip()}"
                if fault.code in OF_THIS_QUESTION:
                    raise DataError(f"the endpoint refused: {said}") from None
                if fault.code not in PASSING:
                    raise BackendError(f"{self.url} answers {said}", backend=self.name) from None
                wait_s = _asked_pause(fault.headers.get("Retry-After")) or wait_s
            except (URLError, HTTPException, OSError) as fault:
                said = str(fault)
            if attempt + 1 < self.attempts:
                time.sleep(min(wait_s, LONGEST_PAUSE_S))
        raise BackendError(f"{self.url} did not answer {self.attempts} times; at last: {said}", backend=self.name)


def _asked_pause(header: str | None) -> float:
    """The pause that the server asks for, in seconds; 0 where it asks for none, or by the clock."""
    return float(header) if header and header.strip().isdecimal() else 0.0


def _read_choice(response: bytes) -> str:
    try:
        choice: Any = json.loads(response)["choices"][0]
        text = choice["message"]["content"]
    except (ValueError, LookupError, TypeError):
        raise DataError("the endpoint's answer is no chat completion") from None
    if choice.get("finish_reason") == "length":
        raise DataError("the answer was cut off: it is longer than the tokens allowed")
    if not isinstance(text, str):
        raise DataError("the endpoint's answer has no text")
    return text
