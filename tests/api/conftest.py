"""An event that phones log at, and what they send."""

from tests.field.conftest import adds_up, issued, lead, phone, planned, scene

__all__ = ["adds_up", "issued", "lead", "phone", "planned", "scene"]
