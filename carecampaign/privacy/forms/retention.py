"""Input of how long what is kept."""

from collections.abc import Mapping

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from carecampaign.core.forms import Form
from carecampaign.core.i18n import _l
from carecampaign.privacy.retention import TERMS, RecordClass


class RulesForm(Form):
    """For each class with a rule, the months it is kept: see ``rules_form``."""

    @property
    def rules(self) -> dict[RecordClass, int | None]:
        """Give the months that were entered; None for a class that is kept without an end."""
        return {kind: self._fields[kind.value].data for kind in TERMS}


def rules_form(rules: Mapping[RecordClass, int | None]) -> RulesForm:
    """Make the form, with the rules that hold in it."""
    fields = {
        kind.value: IntegerField(
            kind.label,
            [Optional(), NumberRange(min=terms.least, max=terms.most)],
            description=_l(
                "Months after %(from_when)s, at least %(least)s. Left empty, it is kept without"
                " an end.",
                from_when=terms.from_when,
                least=terms.least,
            ),
        )
        for kind, terms in TERMS.items()
    }
    values = {kind.value: months for kind, months in rules.items()}
    form: RulesForm = type("FormOfTheRules", (RulesForm,), fields)(**values)
    return form
