"""Where the reports' pages are registered."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
