"""Instructing: what is known of a recording -> questions about it with their answers.

`generate` asks an engine about records and keeps every answer in a file of JSON lines, which `abcllm.sources` reads as
the data set `instructions`. Engines are `Template` (no model: rules and wordings) and `Endpoint` (any chat model behind
an OpenAI-compatible address); `FAMILIES` are the kinds of questions.
"""

from __future__ import annotations

from .asking import Engine, Request
from .endpoint import Endpoint
from .families import FAMILIES, Family, get_family
from .generation import Summary, generate
from .template import Template

__all__ = ["FAMILIES", "Endpoint", "Engine", "Family", "Request", "Summary", "Template", "generate", "get_family"]
