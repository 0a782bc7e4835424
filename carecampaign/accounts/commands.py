"""``flask users``: open an account from the command line; the first administrator needs it."""

import sys

import click
from flask.cli import AppGroup

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts import services
from carecampaign.accounts.passwords import check_policy, hash_password
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import find_organization

commands = AppGroup("users", help="Open accounts from the command line.")


class NoSuchOrganization(DomainError):
    """Nothing in the tree has this name or number."""

    def __init__(self, text: str) -> None:
        super().__init__(_l("There is no organization “%(name)s”.", name=text))


@commands.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organization", help="Name or id; left out, an administrator reaches everything.")
@click.option("--phone", help="Also good for signing in.")
@click.option("--email", help="Also good for signing in.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--base-url",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where people reach this installation; the link begins with it.",
)
def create(
    *,
    username: str,
    name: str,
    role: str,
    organization: str | None,
    phone: str | None,
    email: str | None,
    password_stdin: bool,
    base_url: str,
) -> None:
    """Open an account and print the one-time link with which its password is set."""
    try:
        password_hash = _read_password(username) if password_stdin else None
        with transaction():
            user = services.create_user(username, name=name, phone=phone, email=email, by=SYSTEM)
            services.grant_role(user, Role(role), _place(organization), by=SYSTEM)
            token = None
            if password_hash is None:
                token = services.invite(user, by=SYSTEM)
            else:
                services.set_password(user, password_hash, by=SYSTEM)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("Account %(username)s created.", username=user.username))
    if token is not None:
        click.echo(_("Open this link once, within 7 days, to set the password:"))
        click.echo(f"{base_url.rstrip('/')}/invitations/{token}")


def _read_password(username: str) -> str:
    """Read one line; the hash is made here, before any transaction begins."""
    password = sys.stdin.readline().rstrip("\r\n")
    check_policy(password, username=username)
    return hash_password(password)


def _place(text: str | None) -> Organization | None:
    if text is None:
        return None
    organization = find_organization(text)
    if organization is None:
        raise NoSuchOrganization(text)
    return organization
