"""``flask backup``: everything in one file, and back from it, while the system runs."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from carecampaign.access.actor import SYSTEM
from carecampaign.backups import services
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _

commands = AppGroup("backup", help="Everything in one file, and back from it.")


@commands.command("create")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def create(file: Path) -> None:
    """Write all rows and files into FILE, while people work."""
    try:
        missing = services.create(file)
    except FileExistsError:
        _fail(_("%(file)s is there already: choose another name.", file=file))
    except OSError as error:
        _fail(str(error))
    for sha256 in missing:
        click.echo(_("No bytes of this file were found: %(name)s", name=sha256), err=True)
    click.echo(_("Backup written: %(file)s. Keep the data keys apart from it.", file=file))


@commands.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, *, yes: bool) -> None:
    """Put FILE in the place of all there is; phones then send again what came after it."""
    try:
        with services.unpacked(file) as (facts, folder):
            question = _("Replace everything by the backup of %(made_at)s?", made_at=facts.made_at)
            if not yes:
                click.confirm(question, abort=True)
            with transaction():
                services.restore(facts, folder, by=SYSTEM)
            services.finish()
    except (DomainError, OSError) as error:
        _fail(str(error))
    click.echo(_("Restored. Now run: inventory verify, audit verify."))


def _fail(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(1)
