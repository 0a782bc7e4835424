"""``flask inventory``: prove that the stock ledger adds up."""

import sys

import click
from flask.cli import AppGroup

from carecampaign.core.i18n import _
from carecampaign.inventory.services import verification

commands = AppGroup("inventory", help="Prove that the stock ledger adds up.")


@commands.command("verify")
def verify() -> None:
    """Add everything up again; exit 1 and name each difference if there is one."""
    differences = verification.verify_everything()
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        sys.exit(1)
    click.echo(_("The stock ledger adds up."))
