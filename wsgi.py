"""The application for any WSGI server."""

from carecampaign.app import create_app
from carecampaign.core import settings

app = create_app(settings.from_environment())
