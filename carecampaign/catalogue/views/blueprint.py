"""The blueprint of the catalogue, and what its lists have in common."""

from flask import Blueprint

blueprint = Blueprint("catalogue", __name__, url_prefix="/catalogue")

ACTIVE = {"active": True, "retired": False}
"""What a filter asks for, by its word in the URL."""
