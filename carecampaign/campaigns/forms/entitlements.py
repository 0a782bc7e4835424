"""Input of entitlement rules: one form, with the fields that a kind of rule needs."""

from collections.abc import Iterable
from functools import partial
from typing import Protocol

from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.campaigns.forms.common import Named, named
from carecampaign.campaigns.models import Basis, EntitlementRule, RuleKind, Span
from carecampaign.core.babel import in_language
from carecampaign.core.forms import Form, LineText, YuanField, bounded_id, optional_id
from carecampaign.core.i18n import _l, choices
from carecampaign.core.limits import LARGEST_QUANTITY

LONGEST_GROUND = 200

FIELDS = {
    RuleKind.TIMES: ("most", "basis", "span", "item_id"),
    RuleKind.AMOUNT: ("most_amount", "basis", "span", "fund_source_id"),
    RuleKind.GROUPS: ("group_ids", "item_id"),
    RuleKind.UNITS: ("unit_ids", "item_id"),
    RuleKind.ROSTER: ("item_id",),
}
"""What each kind of rule asks for, beside what all have."""

OF_A_KIND = frozenset(name for names in FIELDS.values() for name in names)
FOR_ALL = {RuleKind.TIMES, RuleKind.AMOUNT}
"""Kinds that may hold for all campaigns of the organiser: the others name what is one's own."""


class Offer(Protocol):
    """What a rule can name."""

    @property
    def things(self) -> Iterable[Named]: ...
    @property
    def sources(self) -> Iterable[Named]: ...
    @property
    def groups(self) -> Iterable[Named]: ...
    @property
    def units(self) -> Iterable[Named]: ...


def above_nothing(_form: Form, field: Field) -> None:
    """Refuse an amount of nothing."""
    if field.data == 0:
        raise ValidationError(_l("Enter an amount above zero."))


class RuleForm(Form):
    """What a rule of one kind asks for, and when it holds."""

    most = IntegerField(
        _l("Upper limit"),
        [InputRequired(), NumberRange(min=1, max=LARGEST_QUANTITY)],
        description=_l(
            "So many times served; or so many pieces, where you choose one item below."
        ),
    )
    most_amount = YuanField(_l("Upper limit"), [InputRequired(), above_nothing])
    basis = RadioField(
        _l("For each"),
        choices=partial(choices, Basis),
        default=Basis.PERSON.value,
        description=_l("A household is all who are kept by one union with one household code."),
    )
    span = SelectField(
        _l("Within one"), choices=partial(choices, Span), default=Span.CAMPAIGN.value
    )
    fund_source_id = SelectField(_l("Fund source"), [Optional()], coerce=optional_id, default="")
    group_ids = SelectMultipleField(
        _l("Who may receive"),
        coerce=bounded_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    unit_ids = SelectMultipleField(
        _l("Whose people may receive"),
        coerce=bounded_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Those kept by a union itself, or by one below it."),
    )
    item_id = SelectField(_l("About"), [Optional()], coerce=optional_id, default="")
    for_all = RadioField(
        _l("Holds for"),
        choices=[
            SelectChoice("", _l("this campaign")),
            SelectChoice("1", _l("all campaigns of the organizer and of the unions below it")),
        ],
        default="",
    )
    starts_on = DateField(_l("First day"), [InputRequired()])
    ends_on = DateField(
        _l("Last day"), [Optional()], description=_l("Left empty, it holds until it is ended.")
    )
    ground = LineText(
        _l("Ground"),
        [Length(max=LONGEST_GROUND)],
        description=_l("The paper it comes from, with its number."),
    )

    def __init__(
        self, kind: RuleKind, *, rule: EntitlementRule | None = None, **values: object
    ) -> None:
        super().__init__(**(values if rule is None else _shown(rule)))
        for name in OF_A_KIND - {*FIELDS[kind]}:
            del self[name]
        # Whose rule it is, and what for, stays what it was made as.
        if rule is not None or kind not in FOR_ALL:
            del self.for_all

    def offer(self, offer: Offer) -> None:
        """Fill in what can be chosen."""
        things = [SelectChoice("", _l("whatever is handed out")), *named(offer.things)]
        sources = [SelectChoice("", _l("all together")), *named(offer.sources)]
        groups = [SelectChoice(one.id, in_language(one)) for one in offer.groups]
        offered = {
            "item_id": things,
            "fund_source_id": sources,
            "group_ids": groups,
            "unit_ids": named(offer.units),
        }
        for name in offered.keys() & {*self._fields}:
            self[name].choices = offered[name]


def _shown(rule: EntitlementRule) -> dict[str, object]:
    """Give a rule as the values of its form."""
    return {
        "obj": rule,
        "most_amount": rule.most,
        "basis": rule.basis.value,
        "span": rule.span.value,
        "group_ids": [group.id for group in rule.groups],
        "unit_ids": [unit.id for unit in rule.units],
    }
