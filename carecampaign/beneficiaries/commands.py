"""``flask beneficiaries``: what is set up once, and what is done by whoever runs the system."""

from pathlib import Path

import click
from flask.cli import AppGroup

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries import services
from carecampaign.beneficiaries.roster import Probably, person_lists
from carecampaign.beneficiaries.services import pairs, roster
from carecampaign.beneficiaries.services.roster import Roster, TableIsWrong
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _n
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


@commands.command("find-duplicates")
def find_duplicates() -> None:
    """Have everybody in the register compared with everybody else, by the job consumer."""
    with transaction():
        pairs.compare_later(by=SYSTEM)
    click.echo(_("What is found stands among the possible double entries."))


MOST_ROWS = 200_000


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", help="Who keeps the persons, by name; else the head of the union tree.")
@click.option("--campaign", help="On whose roster they go as well, by name, for the unit.")
@click.option(
    "--probably",
    type=click.Choice([one.value for one in Probably]),
    help="What rows of the same name and unit as a person there are; else they are an error.",
)
def import_file(file: Path, unit: str | None, campaign: str | None, probably: str | None) -> None:
    """Keep the persons of a table (.xlsx, .xls, .csv), all of them or, if a row is wrong, none."""
    try:
        organization = _keeper(unit)
        list_key = None if campaign is None else person_lists().find(campaign)
        read = roster.read_roster(
            file.read_bytes(), file.name, max_rows=MOST_ROWS, to_keep=True, by=SYSTEM
        )
        with transaction():
            outcome = roster.keep_roster(
                read,
                organization,
                probably=None if probably is None else Probably(probably),
                list_key=list_key,
                by=SYSTEM,
            )
    except TableIsWrong as error:
        _tell_wrong(read, error)
        raise click.ClickException(str(error)) from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(outcome.in_sentences())


def _keeper(unit: str | None) -> Organization:
    found = find_top_organization() if unit is None else find_organization(unit)
    if found is None or not found.is_active:
        raise DomainError(_("There is no such organization: %(name)s", name=unit or ""))
    return found


def _tell_wrong(read: Roster, error: TableIsWrong) -> None:
    for wrong in read.staged.sorted_errors():
        place = _("row %(number)s, %(column)s", number=wrong.row, column=wrong.heading or "—")
        click.echo(f"{place}: {wrong.text}: {wrong.message}", err=True)
    for one in error.probable:
        place = _("row %(number)s, %(column)s", number=one.row.number, column=_("Full name"))
        message = _("Probably № %(number)s: decide with --probably.", number=one.person.id)
        click.echo(f"{place}: {message}", err=True)
