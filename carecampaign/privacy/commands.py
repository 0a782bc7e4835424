"""``flask privacy``: delete what is kept longer than the rules allow."""

import click
from flask.cli import AppGroup

from carecampaign.access.actor import SYSTEM
from carecampaign.core.i18n import _
from carecampaign.privacy import tasks
from carecampaign.privacy.queries.due import count_due, list_rules

commands = AppGroup("privacy", help="How long personal data are kept.")


@commands.command("retain")
@click.option("--dry-run", is_flag=True, help="Only say how much is due.")
def retain(*, dry_run: bool) -> None:
    """Delete what is due; the job consumer does the same each night."""
    if dry_run:
        for kind, count in count_due(list_rules()).items():
            click.echo(_("%(what)s: %(count)s", what=kind.label, count=count))
        return
    run = tasks.retain(by=SYSTEM)
    for line in tasks.in_lines(run) or [_("Nothing is due.")]:
        click.echo(line)
