"""The blueprint of the pages for everybody."""

from flask import Blueprint

blueprint = Blueprint("public", __name__, url_prefix="/find")
