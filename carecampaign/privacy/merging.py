"""What of two entries of one person is chosen between."""

from carecampaign.core.i18n import Labelled, _l


class MergeField(Labelled):
    """A fact of which a person has one, by the name of the attribute that holds it."""

    NAME = "name", _l("Full name")
    OCCUPATION = "occupation", _l("Occupation")
    EMPLOYER = "employer", _l("Unit or platform")
    PHONE = "phone", _l("Phone")
    ID_NUMBER = "id_number", _l("ID number")
    UNION_NUMBER = "union_number", _l("Membership number")
    HOUSEHOLD_KEY = "household_key", _l("Household code")
    ORGANIZATION = "organization", _l("Kept by")
