"""Whose books a page is about: read from its filters, within what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request
from sqlalchemy import Select

from carecampaign.access.gate import signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.i18n import _
from carecampaign.inventory.forms.books import BooksFilterForm
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.books import places_of
from carecampaign.inventory.queries.pages import place_choices
from carecampaign.inventory.views.blueprint import chosen
from carecampaign.organizations.queries import choices_for, get_organization_for

FilterOfBooks = TypeVar("FilterOfBooks", bound=BooksFilterForm)


@dataclass(frozen=True)
class Whose:
    """The places of some books, and how a paper names them."""

    places: Select[int]
    organization_name: str
    place_name: str


def books_form(kind: type[FilterOfBooks]) -> FilterOfBooks:
    """Make the filters of a page about the books, with what its reader may choose."""
    actor = signed_in()
    return kind(
        request.args,
        organizations=choices_for(actor, Permission.INVENTORY_VIEW),
        locations=place_choices(actor, also=chosen("location")),
    )


def whose_books(values: Mapping[str, Any]) -> Whose:
    """Say whose books the filters mean. Raises NotFound for those of strangers."""
    actor = signed_in()
    organization, location = None, None
    if "organization" in values:
        organization = get_organization_for(
            actor, values["organization"], Permission.INVENTORY_VIEW
        )
    if "location" in values:
        location = get_location_for(actor, values["location"])
    owner = organization or (location.organization if location is not None else None)
    return Whose(
        places_of(
            actor,
            location_id=None if location is None else location.id,
            path=None if organization is None else organization.path,
        ),
        "" if owner is None else owner.name,
        _("All places together") if location is None else location.name,
    )
