"""How hypothesis looks for counter-examples here: not for long, and without a stopwatch."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("notation", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("notation")
