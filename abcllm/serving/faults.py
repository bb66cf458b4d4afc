"""What went wrong, as an answer: a status, and JSON in the form that clients of OpenAI's interface expect."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as PlainHTTPException

from ..errors import AbcllmError, BackendError, ContextFull, MissingExtra, ModelNotFound, UnknownName
from .settings import TooLong

__all__ = ["answer_faults", "describe_fault", "fault_response", "status_of"]

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_error",
    501: "not_installed_error",
}
LOG = logging.getLogger("abcllm.serving")


def status_of(fault: AbcllmError) -> int:
    """The status that says whose fault it is: 4xx of who asked, 5xx ours."""
    if isinstance(fault, TooLong):
        return 413
    if isinstance(fault, MissingExtra):
        return 501
    if isinstance(fault, ModelNotFound) or (isinstance(fault, UnknownName) and fault.kind == "model"):
        return 404
    return 502 if isinstance(fault, BackendError) and not isinstance(fault, ContextFull) else 400


def describe_fault(status: int, message: str) -> dict[str, Any]:
    """The JSON of a fault."""
    kind = KINDS.get(status) or ("server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "code": status}}


def fault_response(status: int, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer that tells of a fault."""
    return JSONResponse(describe_fault(status, message), status, headers)


def answer_faults(app: FastAPI) -> None:
    """Have the application answer every fault so."""

    @app.exception_handler(AbcllmError)
    async def ours(_: Request, fault: AbcllmError) -> JSONResponse:
        return fault_response(status_of(fault), str(fault))

    @app.exception_handler(PlainHTTPException)
    async def refused(_: Request, fault: HTTPException) -> JSONResponse:
        return fault_response(fault.status_code, str(fault.detail), fault.headers)

    @app.exception_handler(RequestValidationError)
    async def misunderstood(_: Request, fault: RequestValidationError) -> JSONResponse:
        told = [f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in fault.errors()[:5]]
        return fault_response(400, "; ".join(told))

    @app.exception_handler(Exception)
    async def unforeseen(_: Request, fault: Exception) -> JSONResponse:
        LOG.error("a request failed", exc_info=fault)
        return fault_response(500, "something went wrong here, and was written to the server's log")
