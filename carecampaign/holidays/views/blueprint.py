"""The blueprint of the calendar."""

from flask import Blueprint

blueprint = Blueprint("holidays", __name__, url_prefix="/holidays")
