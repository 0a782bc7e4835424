"""``flask beneficiaries``: what is set up once, and what is done by whoever runs the system."""

from pathlib import Path

import click
from flask.cli import AppGroup

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries import services
from carecampaign.beneficiaries.roster import Probably
from carecampaign.beneficiaries.services import roster
from carecampaign.beneficiaries.services.roster import Plan
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _n
from carecampaign.core.imports import Staged
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import find_organization, find_top_organization

commands = AppGroup("beneficiaries", help="Whom the care is for: groups, persons, their numbers.")


@commands.command("install-taxonomy")
def install_taxonomy() -> None:
    """Add the groups and occupations of the master taxonomy that are missing."""
    with transaction():
        added = services.install_taxonomy(by=SYSTEM)
    click.echo(_n("%(num)s entry added.", "%(num)s entries added.", added))


@commands.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt the numbers of persons anew with DATA_KEY, whichever key they were sealed with.

    The system may run meanwhile, and the command may be broken off and started again.
    """
    total, after_id = 0, 0
    while True:
        with transaction():
            count, last = services.reseal_batch(after_id)
        total += count
        if last is None:
            break
        after_id = last
    click.echo(_n("%(num)s person sealed anew.", "%(num)s persons sealed anew.", total))


MOST_ROWS = 200_000


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", help="Who keeps the persons, by name; else the head of the union tree.")
@click.option(
    "--probably",
    type=click.Choice([one.value for one in Probably]),
    help="What rows of the same name and unit as a person there are; else they are an error.",
)
def import_file(file: Path, unit: str | None, probably: str | None) -> None:
    """Keep the persons of a table (.xlsx or .csv), all of them or, if a row is wrong, none."""
    content = file.read_bytes()
    try:
        organization = _keeper(unit)
        staged = roster.read_roster(content, file.name, max_rows=MOST_ROWS, by=SYSTEM)
        with transaction():
            plan = roster.plan_import(
                staged,
                organization,
                probably=None if probably is None else Probably(probably),
                by=SYSTEM,
                lock=True,
            )
            _refuse_wrong(staged, plan)
            digest = roster.digest_of_file(content)
            roster.apply_plan(plan, organization, digest=digest, by=SYSTEM)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(roster.in_a_sentence(plan))


def _keeper(unit: str | None) -> Organization:
    found = find_top_organization() if unit is None else find_organization(unit)
    if found is None or not found.is_active:
        raise DomainError(_("There is no such organization: %(name)s", name=unit or ""))
    return found


def _refuse_wrong(staged: Staged, plan: Plan) -> None:
    for error in staged.sorted_errors():
        place = _("row %(number)s, %(column)s", number=error.row, column=error.heading or "—")
        click.echo(f"{place}: {error.text}: {error.message}", err=True)
    for one in plan.probable:
        place = _("row %(number)s, %(column)s", number=one.row.number, column=_("Full name"))
        message = _("Probably № %(number)s: decide with --probably.", number=one.person.id)
        click.echo(f"{place}: {message}", err=True)
    if not staged.is_clean or plan.probable:
        raise DomainError(_("This table has errors. Nothing has been imported."))
