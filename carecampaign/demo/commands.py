"""``flask demo``: the newspaper page's campaigns and a current winter, to try the system with."""

import sys

import click
from flask.cli import AppGroup

from carecampaign.audit.tasks import seal_pending
from carecampaign.core.db import transaction
from carecampaign.demo import loading, people

commands = AppGroup("demo", help="Load the demo.")


@commands.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is something already.")
def load(*, if_empty: bool) -> None:
    """Load the demo into an empty database and print its sign-ins; exit 1 if it is not empty."""
    if if_empty and not loading.is_empty():
        return
    password_hashes = people.hash_passwords()
    try:
        with transaction():
            loading.load(password_hashes)
    except loading.NotEmpty as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    seal_pending()
    _print_sign_ins()


def _print_sign_ins() -> None:
    names = " ".join(account.username for account in people.ACCOUNTS)
    click.echo(f"演示账号：{names}，密码均为 {people.PASSWORD}")
    click.echo(f"Demo sign-ins: {names}; the password of each is {people.PASSWORD}")
