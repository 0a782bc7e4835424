"""Faults strike over the places and goods of the ledger's tests."""

from tests.inventory.conftest import gloves, union, warehouse

__all__ = ["gloves", "union", "warehouse"]
