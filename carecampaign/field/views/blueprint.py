"""The blueprint of the volunteer's phone."""

from flask import Blueprint

blueprint = Blueprint("field", __name__, url_prefix="/v")
