"""The budget of a campaign: so much for a purpose, from exactly one fund source (专款专用)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import BudgetLine, Campaign
from carecampaign.campaigns.queries import list_budget_lines
from carecampaign.campaigns.services.drafts import change_draft, record
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.core.money import format_yuan
from carecampaign.funds.models import FundSource
from carecampaign.funds.queries import list_fund_sources_for


class SourceNotUsable(DomainError):
    """The fund source is not the organiser's own, nor of a union above it, or is retired."""

    field = "lines"

    def __init__(self, source: FundSource) -> None:
        super().__init__(
            _l("“%(source)s” cannot be drawn on by this organizer.", source=source.name)
        )


class LineTwice(DomainError):
    """Two lines budget for the same purpose from the same source."""

    field = "lines"

    def __init__(self, purpose: str) -> None:
        super().__init__(
            _l(
                "“%(purpose)s” stands twice with the same fund source: put the amounts together.",
                purpose=purpose,
            )
        )


@dataclass(frozen=True)
class Spending:
    """So much (fen) planned for a purpose, from one fund source."""

    fund_source: FundSource
    purpose: str
    amount: int


def set_budget(
    campaign: Campaign, lines: Sequence[Spending], *, by: Actor, revision: int | None = None
) -> None:
    """Replace the budget of a draft; lines that stay as they are keep their identity.

    Raises LineTwice, SourceNotUsable, NotADraft, ChangedMeanwhile.
    """
    wanted = {(line.fund_source.id, line.purpose, line.amount): line for line in lines}
    existing = {
        (line.fund_source_id, line.purpose, line.amount): line
        for line in list_budget_lines(campaign)
    }
    _check_purposes(lines)
    if wanted.keys() == existing.keys():
        return
    change_draft(campaign, revision=revision)
    _check_sources(campaign, lines, [line.fund_source_id for line in existing.values()])
    gone = [line for key, line in existing.items() if key not in wanted]
    added = [line for key, line in wanted.items() if key not in existing]
    for row in gone:
        db.session.delete(row)
    for line in added:
        db.session.add(
            BudgetLine(
                campaign_id=campaign.id,
                fund_source_id=line.fund_source.id,
                purpose=line.purpose,
                amount=line.amount,
            )
        )
    db.session.flush()
    db.session.expire(campaign, ["budget_lines"])
    changes = {"removed": [_words(row) for row in gone], "added": [_words(row) for row in added]}
    record("set_budget", campaign, by=by, changes=changes)


def _check_purposes(lines: Sequence[Spending]) -> None:
    times = Counter((line.fund_source.id, line.purpose.casefold()) for line in lines)
    for line in lines:
        if times[line.fund_source.id, line.purpose.casefold()] > 1:
            raise LineTwice(line.purpose)


def _check_sources(campaign: Campaign, lines: Sequence[Spending], used: list[int]) -> None:
    usable = {source.id for source in list_fund_sources_for(campaign.organizer, also=used)}
    for line in lines:
        if line.fund_source.id not in usable:
            raise SourceNotUsable(line.fund_source)


def _words(line: Spending | BudgetLine) -> str:
    return f"{line.fund_source.name} · {line.purpose} · ¥{format_yuan(line.amount)}"
