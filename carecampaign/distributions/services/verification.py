"""The log adds up: what the recipients got is what it says, and the figures are its sums.

Each check is one statement, so that it sees both sides at one moment while people work.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import ColumnElement, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.beneficiaries.models import Person
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.distributions.models import (
    CampaignDay,
    Handout,
    HandoutVoid,
    Served,
    ServedHousehold,
    Tally,
)
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import LocationKind, Movement
from carecampaign.inventory.services.verification import register_check
from carecampaign.inventory.services.verification.comparing import MOST, AnySelect

RECIPIENTS = inventory.VIRTUAL_IDS[LocationKind.RECIPIENTS]


@register_check
def recipients_got_what_the_log_says() -> Iterator[str]:
    """Per handout: the pieces that left for the recipients, less those that came back."""
    came_back = Movement.source_id == RECIPIENTS
    moved = (
        select(
            Movement.handout_id.label("handout_id"),
            func.sum(case((came_back, -Movement.quantity), else_=Movement.quantity)).label(
                "pieces"
            ),
        )
        .where(or_(came_back, Movement.target_id == RECIPIENTS))
        .group_by(Movement.handout_id)
    )
    stands = ~_is_voided()
    logged = select(
        Handout.id, case((stands, -Handout.quantity), else_=literal(0)).label("pieces")
    )
    both = union_all(moved, logged).subquery()
    differing = (
        select(both.c.handout_id, func.sum(both.c.pieces))
        .group_by(both.c.handout_id)
        .having(func.sum(both.c.pieces) != 0)
        .order_by(both.c.handout_id)
        .limit(MOST)
    )
    for handout_id, pieces in db.session.execute(differing):
        yield _(
            "Handout %(handout)s: the ledger gave the recipients %(pieces)s more than the log"
            " says.",
            handout=handout_id,
            pieces=int(pieces),
        )


@register_check
def tallies_add_up() -> Iterator[str]:
    """Per event: person-times, pieces and value of the tally are those of the log."""
    counted = select(Tally.event_id.label("key"), Tally.person_times, Tally.quantity, Tally.value)
    yield from _differences(
        counted,
        _logged(Handout.event_id),
        lambda key: _("Event %(event)s: its tally is not the sum of its log.", event=key),
    )


@register_check
def days_add_up() -> Iterator[str]:
    """Per campaign: the roll-up of its days is the sum of its log."""
    counted = select(
        CampaignDay.campaign_id.label("key"),
        CampaignDay.person_times,
        (CampaignDay.packages + CampaignDay.pieces).label("quantity"),
        CampaignDay.value,
    )
    yield from _differences(
        counted,
        _logged(Handout.campaign_id),
        lambda key: _("Campaign %(campaign)s: its days do not add up to its log.", campaign=key),
    )


@register_check
def persons_served_add_up() -> Iterator[str]:
    """Per event and person: how often they were served is what the log says.

    What was logged for an entry that was merged counts for the one it went into.
    """
    counted = select(
        Served.event_id.label("event_id"), Served.person_id.label("person_id"), Served.times
    )
    logged = (
        select(
            Handout.event_id, func.coalesce(Person.merged_into_id, Person.id), -Handout.head_count
        )
        .join(Person, Person.id == Handout.person_id)
        .where(~_is_voided())
    )
    both = union_all(counted, logged).subquery()
    event_id, person_id, times = both.c
    differing = (
        select(event_id).group_by(event_id, person_id).having(func.sum(times) != 0).subquery()
    )
    events = select(differing.c.event_id).distinct().order_by(differing.c.event_id).limit(MOST)
    for event in db.session.scalars(events):
        yield _("Event %(event)s: the persons served are not those of its log.", event=event)


@register_check
def households_served_are_in_the_log() -> Iterator[str]:
    """Per event: what counts for a household is a handout that stands, of the same facts.

    What household somebody was of, nothing else knows: here it is only written down.
    """
    is_right = (
        select(Handout.id)
        .where(
            Handout.id == ServedHousehold.handout_id,
            Handout.event_id == ServedHousehold.event_id,
            Handout.campaign_id == ServedHousehold.campaign_id,
            Handout.unit_id == ServedHousehold.unit_id,
            Handout.head_count == ServedHousehold.times,
            Handout.person_id.is_not(None),
            ~_is_voided(),
        )
        .exists()
    )
    events = (
        select(ServedHousehold.event_id)
        .where(~is_right)
        .distinct()
        .order_by(ServedHousehold.event_id)
        .limit(MOST)
    )
    for event in db.session.scalars(events):
        yield _("Event %(event)s: the households served are not those of its log.", event=event)


def _is_voided() -> ColumnElement[bool]:
    return select(HandoutVoid.id).where(HandoutVoid.handout_id == Handout.id).exists()


def _logged(key: InstrumentedAttribute[int]) -> AnySelect:
    return select(key.label("key"), -Handout.head_count, -Handout.quantity, -Handout.value).where(
        ~_is_voided()
    )


def _differences(
    counted: AnySelect, logged: AnySelect, words: Callable[[int], str]
) -> Iterator[str]:
    """Add up both by key; what the log says has the other sign, so that nothing must remain."""
    both = union_all(counted, logged).subquery()
    key, *figures = both.c
    sums = [func.sum(figure) for figure in figures]
    differing = (
        select(key)
        .group_by(key)
        .having(or_(*(each != 0 for each in sums)))
        .order_by(key)
        .limit(MOST)
    )
    for value in db.session.scalars(differing):
        yield words(value)
