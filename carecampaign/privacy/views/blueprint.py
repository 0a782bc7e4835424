"""The blueprint of what reaches into every area to keep personal data right."""

from flask import Blueprint

blueprint = Blueprint("privacy", __name__)
