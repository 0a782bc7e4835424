"""What the guide explains, in the order it is read, and which pages lead to each part."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One page of the guide: ``docs/guide/<language>/<name>.md``.

    ``explains`` are endpoints, or areas where they end with a dot.
    """

    name: str
    explains: tuple[str, ...]


TOPICS = (
    Topic("start", ("reports.start", "reports.search", "accounts.sign_in")),
    Topic("campaigns", ("campaigns.",)),
    Topic("stock", ("inventory.", "catalogue.", "labels.", "replenishment.")),
    Topic("stations", ("stations.", "public.")),
    Topic("events", ("distributions.",)),
    Topic(
        "log",
        (
            *("distributions.log", "distributions.log_by_form", "distributions.persons"),
            *("distributions.pick_by_card", "cards.", "field.", "distributions.passes"),
        ),
    ),
    Topic("progress", ("reports.",)),
    Topic("lists", ("accounts.saved_views",)),
    Topic(
        "administration",
        (
            *("accounts.", "organizations.", "funds.", "holidays.", "audit.", "jobs."),
            *("beneficiaries.", "privacy."),
        ),
    ),
)
NAMES = tuple(topic.name for topic in TOPICS)


def topic_for(endpoint: str) -> Topic | None:
    """Give the part of the guide about a page: the one that names it most exactly."""
    fitting = [
        (len(explained), topic)
        for topic in TOPICS
        for explained in topic.explains
        if endpoint == explained or (explained.endswith(".") and endpoint.startswith(explained))
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
