"""Where the pages of the accounts are registered."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
