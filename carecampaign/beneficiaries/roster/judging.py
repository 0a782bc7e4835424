"""What only a person can judge about a row."""

from carecampaign.core.i18n import Labelled, _l


class Probably(Labelled):
    """What to do with a row of the same name and unit as a person whom no number tells apart."""

    SAME = "same", _l("They are the same persons: merge them")
    OTHERS = "others", _l("They are others: add them")
