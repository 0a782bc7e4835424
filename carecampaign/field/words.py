"""The words of the volunteer's page that its script puts together."""

from carecampaign.core.i18n import _


def words() -> dict[str, str]:
    """Give them by the names the script knows them by; ``{…}`` is filled in there."""
    return {**_of_a_tap(), **_of_the_event(), **_of_sending(), **_of_people()}


def _of_a_tap() -> dict[str, str]:
    return {
        "saved": _("Logged: %(who)s +%(count)s", who="{who}", count="{count}"),
        "beyond_stock": _(
            "Logged. The books have none left: tell the lead, and go on if there are some."
        ),
        "not_saved": _("NOT SAVED – write it on paper. This phone has no room or keeps nothing."),
        "keeps_nothing": _(
            "This browser keeps nothing (a private window?). Open the page in an ordinary window."
        ),
        "taken_back": _("Taken back."),
        "not_taken_back": _("Not taken back: the entry still counts. Try again."),
        "undo_reason": _("Undone on the phone"),
    }


def _of_the_event() -> dict[str, str]:
    return {
        "further": _("Further item for the same recipient"),
        "left": _("%(item)s left", item="{item}"),
        "nothing": _("Nothing to hand out yet"),
        "is_planned": _("The event is not open yet. What you log now is kept as early."),
        "is_closed": _("This event is closed. What you log now goes to the lead to be settled."),
        "is_cancelled": _("This event was cancelled."),
    }


def _of_sending() -> dict[str, str]:
    return {
        "waits": _("On phone %(count)s", count="{count}"),
        "was_sent": _("Sent %(count)s", count="{count}"),
        "last": _("last %(at)s", at="{at}"),
        "on_phone": _("on this phone"),
        "sent": _("sent"),
        "created": _("sent"),
        "duplicate": _("sent"),
        "created_flagged": _("sent, the lead looks at it"),
        "id_conflict": _("sent, the lead looks at it"),
        "quarantined": _("sent, the lead looks at it"),
        "offline": _("No connection: kept here and sent later (%(count)s).", count="{count}"),
        "signed_out": _(
            "Let in no longer: scan the pass or sign in to send %(count)s. Nothing is lost.",
            count="{count}",
        ),
        "doubtful": _(
            "%(count)s of what was sent goes to the lead to be settled.", count="{count}"
        ),
        "ready": _("Ready off-line, as of %(at)s.", at="{at}"),
        "ready_without_names": _(
            "Ready off-line, as of %(at)s; names only with a connection (no https here).",
            at="{at}",
        ),
        "not_ready": _("This event is not on the phone yet. Go where there is a connection."),
        "retry": _("Try again"),
        "close": _("Close"),
    }


def _of_people() -> dict[str, str]:
    return {
        "somebody": _("Somebody by name"),
        "served": _("served %(at)s", at="{at}"),
        "served_before": _("Already served at %(at)s!", at="{at}"),
        "given_all_the_same": _("Already handed over: log all the same"),
        "hand_out": _("Hand out"),
        "proxy_missing": _("Say who collects it, and how they are related."),
        "card_unknown": _("This card is not on the list of this event."),
        "no_camera": _("No camera here: type the code on the card."),
    }
