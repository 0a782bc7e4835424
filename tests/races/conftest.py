"""Races are run over the places and goods of the ledger's tests."""

from tests.inventory.conftest import cups, event, gloves, station, union, warehouse

__all__ = ["cups", "event", "gloves", "station", "union", "warehouse"]
