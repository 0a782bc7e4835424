"""Why what is kept of a person is erased."""

from carecampaign.core.i18n import Labelled, _l


class ErasureReason(Labelled):
    """A closed list, so that no name ends up in the log."""

    REQUESTED = "requested", _l("The person asked for it")
    WITHDRAWN = "withdrawn", _l("The person withdrew their consent")
    MISTAKE = "mistake", _l("The person was entered by mistake")
    FULFILLED = "fulfilled", _l("The purpose is fulfilled")
