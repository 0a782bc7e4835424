"""``flask audit``: seal by hand, and prove the seals."""

import sys

import click
from flask.cli import AppGroup

from carecampaign.audit import services, tasks
from carecampaign.core.i18n import _n

commands = AppGroup("audit", help="Seal the audit log, and prove that nothing was changed.")


@commands.command("seal")
def seal() -> None:
    """Seal what waits now, without the job consumer."""
    count = tasks.seal_pending()
    click.echo(_n("%(num)s row sealed.", "%(num)s rows sealed.", count))


@commands.command("verify")
def verify() -> None:
    """Follow the chain of seals and compare every sealed row; exit 1 if anything is wrong."""
    result = services.verify()
    for problem in result.problems:
        click.echo(problem, err=True)
    if result.problems:
        sys.exit(1)
    click.echo(_n("%(num)s seal is intact.", "%(num)s seals are intact.", result.seals))
