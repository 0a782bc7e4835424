"""The notice a campaign is offered to begin with: what PIPL Art 17 asks people to be told."""

from carecampaign.campaigns.models import Campaign
from carecampaign.core.i18n import _

TO_FILL_IN = "____"
"""Stands in the proposed text for what only the organiser knows."""


def propose_body(campaign: Campaign) -> str:
    """Give a text to begin with; it still lacks whom to ask (``TO_FILL_IN``)."""
    organizer = campaign.organizer.name
    return "\n\n".join(
        [_greeting(organizer, campaign.name), *_handling(organizer), *_rights(organizer)]
    )


def _greeting(organizer: str, campaign: str) -> str:
    return _(
        "%(organizer)s and the participating units run “%(campaign)s”, and need some of your"
        " personal information to register you and to hand out to you. Please read this notice"
        " first, as the Personal Information Protection Law has it.",
        organizer=organizer,
        campaign=campaign,
    )


def _handling(organizer: str) -> list[str]:
    return [
        _(
            "1. Who handles it: %(organizer)s, and the participating units that register and"
            " hand out.",
            organizer=organizer,
        ),
        _(
            "2. What for: to register those cared for, to hand out, to see that nobody receives"
            " twice or beyond what is allowed, to have receipts signed, to report figures, and"
            " for audits. It is used for nothing else."
        ),
        _(
            "3. Which kinds: full name, occupation, unit or platform, phone; where needed to"
            " tell people apart the ID number or its last four, the membership number and the"
            " household code; what you received, when and where. No ID photos and no health"
            " information are collected."
        ),
        _(
            "4. How: on paper and in this system. Numbers are encrypted and shown masked, and"
            " only those whose work needs it see your entry. It is given to nobody else except"
            " where the law demands it."
        ),
        _(
            "5. How long: phone and ID numbers at most 24 months after the campaign ends, then"
            " they are deleted or made anonymous. Sign-off sheets are kept as accounting"
            " records for as long as the state demands."
        ),
    ]


def _rights(organizer: str) -> list[str]:
    return [
        _(
            "6. Separate consents: sensitive personal information, public notice of your name,"
            " and photos each take a consent of their own. You may refuse any of them and"
            " receive the care goods all the same."
        ),
        _(
            "7. Your rights: you may ask to see, copy, correct, complete or delete your"
            " information and to have it explained, and withdraw your consent at any time; that"
            " does not undo what was done before. Without giving a name you can still be served"
            " at a warm station."
        ),
        _(
            "8. Whom to ask: %(organizer)s, contact ____, phone ____, address ____. Supervision"
            " and complaints: 12351.",
            organizer=organizer,
        ),
    ]
