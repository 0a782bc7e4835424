"""Keep one's own views of lists. They are a person's bookmarks: nothing for the audit log."""

from sqlalchemy import func, select, update

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import SavedView, User
from carecampaign.accounts.queries import find_saved_view
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l

MOST_VIEWS = 20
"""Of one list: more than a row of links can show."""


class TooManyViews(DomainError):
    """One has as many views of this list as there can be: one has to go first."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(
            _l("You have %(most)s views of this list: remove one first.", most=MOST_VIEWS)
        )


class NothingToKeep(DomainError):
    """The list shows what it shows to everybody: there is nothing to give a name to."""

    def __init__(self) -> None:
        super().__init__(_l("The list is as it always is: filter it, sort it or choose columns."))


def save_view(page: str, query: str, *, name: str, is_default: bool, by: Actor) -> SavedView:
    """Keep what a list shows under a name; a view of this name now shows this instead.

    The list begins with at most one view. Raises NothingToKeep, TooManyViews.
    """
    if not query:
        raise NothingToKeep
    owner = db.session.scalars(select(User).where(User.id == by.id).with_for_update()).one()
    view = find_saved_view(by, page, name)
    if view is None:
        _check_number(owner, page)
        view = SavedView(user_id=owner.id, page=page, name=name)
    if is_default:
        db.session.execute(
            update(SavedView)
            .where(SavedView.user_id == owner.id, SavedView.page == page)
            .values(is_default=False)
        )
    view.query, view.is_default = query, is_default
    db.session.add(view)
    db.session.flush()
    return view


def remove_view(view: SavedView) -> None:
    """Forget a view."""
    db.session.delete(view)
    db.session.flush()


def _check_number(owner: User, page: str) -> None:
    owned = select(func.count()).where(SavedView.user_id == owner.id, SavedView.page == page)
    if (db.session.scalar(owned) or 0) >= MOST_VIEWS:
        raise TooManyViews
