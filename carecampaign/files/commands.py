"""``flask files``: keep the folder of the files' bytes tidy."""

import click
from flask.cli import AppGroup

from carecampaign.core.db import transaction
from carecampaign.core.i18n import _n
from carecampaign.files import services

commands = AppGroup("files", help="The folder of photos and other files.")


@commands.command("sweep")
def sweep() -> None:
    """Delete files that no row names: of transactions that failed, and of photos removed."""
    with transaction():
        count = services.sweep()
    click.echo(_n("%(num)s file deleted.", "%(num)s files deleted.", count))
