"""``flask beneficiaries``: what is set up once."""

import click
from flask.cli import AppGroup

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries import services
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _n

commands = AppGroup("beneficiaries", help="Set up whom the care is for.")


@commands.command("install-taxonomy")
def install_taxonomy() -> None:
    """Add the groups and occupations of the master taxonomy that are missing."""
    with transaction():
        added = services.install_taxonomy(by=SYSTEM)
    click.echo(_n("%(num)s entry added.", "%(num)s entries added.", added))
