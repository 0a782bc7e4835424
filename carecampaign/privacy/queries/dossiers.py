"""Everything the system keeps of a person, for that person to have (PIPL Art 45)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from carecampaign.audit import words
from carecampaign.audit.queries import entries_about
from carecampaign.beneficiaries.contacts import SealedField
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries.cards import cards_of_person
from carecampaign.beneficiaries.queries.merged import entries_of
from carecampaign.campaigns.models import RosterEntry
from carecampaign.campaigns.queries.consents import consents_of
from carecampaign.core import money
from carecampaign.core.babel import in_language, show_date, show_datetime
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.core.sheets import Cell
from carecampaign.distributions.models import (
    DistributionEvent,
    Handout,
    HandoutException,
    PhoneEntry,
)

MOST_ENTRIES = 10_000
"""Of the audit log: far more than anybody's entry ever has."""


@dataclass(frozen=True)
class Section:
    """A part of what is kept, as a table."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def sections_about(person: Person) -> list[Section]:
    """Give all that is kept of a person, numbers whole, also of entries merged into theirs."""
    return [
        _facts(person),
        _handouts(person),
        _exceptions(person),
        _rosters(person),
        _consents(person),
        _cards(person),
        _history(person),
    ]


def show_cell(cell: Cell) -> str:
    """Write a cell for the screen."""
    if isinstance(cell, datetime):
        return show_datetime(cell)
    if isinstance(cell, date):
        return show_date(cell)
    return "" if cell is None else str(cell)


def _facts(person: Person) -> Section:
    merged = db.session.scalars(
        select(Person.id).where(Person.merged_into_id == person.id).order_by(Person.id)
    )
    sealed: list[list[Cell]] = [
        [str(field.label), getattr(person, field.value)] for field in SealedField
    ]
    rows: list[list[Cell]] = [
        [_("Number"), f"№ {person.id}"],
        [_("Full name"), person.name],
        [_("Occupation"), in_language(person.occupation)],
        [_("Unit or platform"), person.employer],
        *sealed,
        [_("Household code"), person.household_key],
        [_("Kept by"), person.organization.name],
        [_("Entered on"), person.created_at],
        [_("Last changed"), person.changed_at],
        [_("Merged entries"), _("; ").join(f"№ {number}" for number in merged)],
    ]
    return Section(_("Entry"), [_("Field"), _("Value")], rows)


def _handouts(person: Person) -> Section:
    handouts = db.session.scalars(
        select(Handout)
        .where(Handout.person_id.in_(entries_of(person.id)))
        .options(
            joinedload(Handout.event).joinedload(DistributionEvent.campaign),
            joinedload(Handout.group),
            joinedload(Handout.item),
            joinedload(Handout.logged_by),
            joinedload(Handout.phone_entry).joinedload(PhoneEntry.phone),
            joinedload(Handout.void),
        )
        .order_by(Handout.happened_at, Handout.id)
    ).all()
    headings = [
        *(_("Time"), _("Campaign"), _("Place"), _("Target group"), _("Item"), _("Quantity")),
        *(_("Value (yuan)"), _("Logged by"), _("Voided because"), _("Note")),
    ]
    return Section(_("Handouts"), headings, [_handout(one) for one in handouts])


def _handout(handout: Handout) -> list[Cell]:
    return [
        handout.happened_at,
        handout.event.campaign.name,
        handout.event.place,
        in_language(handout.group),
        handout.item.name,
        handout.quantity,
        money.format_yuan(handout.value),
        handout.logger_name,
        handout.void.reason if handout.void else "",
        handout.note,
    ]


def _exceptions(person: Person) -> Section:
    theirs = select(Handout.id).where(Handout.person_id.in_(entries_of(person.id)))
    exceptions = db.session.scalars(
        select(HandoutException)
        .where(HandoutException.handout_id.in_(theirs))
        .options(joinedload(HandoutException.handout))
        .order_by(HandoutException.id)
    )
    rows: list[list[Cell]] = [
        [one.handout.happened_at, str(one.reason.label), one.settled_at, one.settlement]
        for one in exceptions
    ]
    headings = [_("Handed out at"), _("Exception"), _("Settled at"), _("Settlement")]
    return Section(_("Exceptions"), headings, rows)


def _rosters(person: Person) -> Section:
    entries = db.session.scalars(
        select(RosterEntry)
        .where(RosterEntry.person_id == person.id)
        .options(joinedload(RosterEntry.campaign), joinedload(RosterEntry.unit))
        .order_by(RosterEntry.id)
    )
    rows: list[list[Cell]] = [
        [one.campaign.name, one.unit.name, one.created_at] for one in entries
    ]
    return Section(_("Rosters"), [_("Campaign"), _("Participating unit"), _("Since")], rows)


def _consents(person: Person) -> Section:
    rows: list[list[Cell]] = [
        [
            one.campaign.name,
            str(one.kind.label),
            one.notice.number,
            str(one.means.label),
            one.given_on,
            one.withdrawn_at,
        ]
        for one in consents_of(person)
    ]
    headings = [
        *(_("Campaign"), _("Consent to"), _("Version of the notice"), _("How given")),
        *(_("Given on"), _("Withdrawn at")),
    ]
    return Section(_("Consents"), headings, rows)


def _cards(person: Person) -> Section:
    rows: list[list[Cell]] = [
        [f"№ {card.id}", card.bound_at, str(card.state.label)] for card in cards_of_person(person)
    ]
    return Section(_("Cards"), [_("Card"), _("Bound at"), _("State")], rows)


def _history(person: Person) -> Section:
    entries, _total = entries_about(person, first=0, size=MOST_ENTRIES)
    rows: list[list[Cell]] = [
        [
            entry.created_at,
            entry.actor_name if entry.actor_id else _("The system"),
            words.sentence(entry),
            _("; ").join(words.changes(entry)),
        ]
        for entry in entries
    ]
    headings = [_("Time"), _("Who"), _("What"), _("Changes")]
    return Section(_("Who entered, changed or looked at it"), headings, rows)
