"""What people type is cleaned, bounded, and blamed on the right field."""

import uuid
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DateTimeLocalField, FieldList, FormField, IntegerField, SelectField
from wtforms.validators import Optional

from carecampaign.core.errors import DomainError
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    Lines,
    LineText,
    Paragraphs,
    YuanField,
    bounded_id,
    no_null_bytes,
    optional_id,
)
from carecampaign.core.i18n import choices
from carecampaign.core.limits import LARGEST_ID
from carecampaign.jobs.models import JobState


class LineForm(Form):
    class Meta:
        csrf = False

    quantity = IntegerField()


class Example(CommandForm):
    name = LineText(validators=[no_null_bytes])
    story = Paragraphs()
    amount = YuanField()
    lines = Lines(FormField(LineForm))


class Search(FilterForm):
    state = SelectField(choices=lambda: [("", ""), *choices(JobState)], default="")
    day = DateField(validators=[Optional()])


@pytest.fixture
def fill(app):
    """Fill in the example form."""

    def fill_in(**values):
        with app.test_request_context(method="POST", data=MultiDict(values)):
            form = Example()
            form.validate()
            return form

    return fill_in


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a \t b\n", "a b"),
        ("e\u0301", "é"),
        ("a\0b\u200b", "a b\u200b"),
        ("\u2028x\u2029", "x"),
        ("\ud800x", "x"),
        ("张三", "张三"),
    ],
)
def test_a_line_of_text_is_cleaned(app, typed, kept):
    form = Example(MultiDict({"name": typed}), meta={"csrf": False})

    assert form.name.data == kept


def test_paragraphs_keep_their_lines(app):
    form = Example(MultiDict({"story": " a \r\n\tb\rc\0\n\n"}), meta={"csrf": False})

    assert form.story.data == "a\n b\nc"


def test_an_amount_is_read_as_fen_and_shown_as_it_was_typed(fill):
    assert fill(amount="1,234.5").amount.data == 123450
    assert fill(amount="").amount.data is None
    assert fill().amount.data is None

    wrong = fill(amount="ten")
    assert wrong.amount.errors
    assert 'value="ten"' in str(wrong.amount())


def test_an_amount_that_is_known_is_shown_in_yuan(app):
    with app.test_request_context():
        assert 'value="1234.50"' in str(Example(data={"amount": 123450}).amount())
        assert 'value=""' in str(Example().amount())


def test_a_command_carries_an_id_of_its_own(app, fill):
    with app.test_request_context():
        first, second = Example().command_id.data, Example().command_id.data

    assert uuid.UUID(first).version == 7
    assert first != second
    assert fill(command_id="no id").command_id.errors
    assert not fill(command_id=first).command_id.errors


def test_a_broken_rule_shows_beside_the_field_to_blame_or_above_the_form(fill):
    form = fill(name="x")
    form.reject(DomainError("Taken.", field="name"))
    form.reject(DomainError("Of no field."))

    assert form.name.errors == ["Taken."]
    assert form.form_errors == ["Of no field."]


@given(st.text())
def test_an_id_is_bounded_or_a_value_error(text):
    with suppress(ValueError):
        assert 0 <= bounded_id(text) <= LARGEST_ID


@pytest.mark.parametrize("text", [str(LARGEST_ID + 1), "-1", "x", ""])
def test_an_id_out_of_bounds_is_refused(app, text):
    with pytest.raises(ValueError):  # noqa: PT011 - what WTForms expects of a coercion
        bounded_id(text)


def test_an_empty_choice_is_none():
    assert optional_id("") is None
    assert optional_id("5") == 5


def test_a_numbering_that_is_none_is_not_believed(fill):
    form = fill(
        **{"lines-0-quantity": "1", "lines-²-quantity": "2", "lines-99999999-quantity": "3"}
    )

    assert [line.quantity.data for line in form.lines] == [1]
    assert isinstance(form.lines, FieldList)


def test_a_filter_that_is_not_understood_is_left_out(app):
    with app.test_request_context():
        form = Search(MultiDict({"state": "done", "day": "yesterday"}))

        assert form.valid_values() == {"state": "done"}
        assert form.day.errors
        assert Search(MultiDict()).valid_values() == {}


class Numbers(Form):
    class Meta:
        csrf = False

    day = DateField(validators=[Optional()])
    at = DateTimeLocalField(validators=[Optional()])
    quantity = IntegerField(validators=[Optional()])
    quantities = FieldList(IntegerField(validators=[Optional()]))


@pytest.fixture
def typed(app):
    """Fill in numbers and days."""

    def fill_in(**values):
        with app.test_request_context(method="POST", data=MultiDict(values)):
            form = Numbers()
            form.validate()
            return form

    return fill_in


@pytest.mark.parametrize("name", ["day", "at", "quantity", "quantities-0"])
@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x85", "\uffff"])
def test_what_no_page_may_contain_is_not_echoed(typed, name, sign):
    form = typed(**{name: f"1{sign}2"})
    field = form.quantities[0] if "-" in name else form[name]

    assert sign not in str(field())
    assert "1\N{REPLACEMENT CHARACTER}2" in str(field())
    assert form.errors


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("day", "1999-12-31", "2000"),
        ("day", "9999-12-31", "2199"),
        ("day", "0001-01-01", "2000"),
        ("at", "9999-12-31T23:59:59", "2199"),
        ("quantity", str(LARGEST_ID + 1), "过大"),
        ("quantity", str(-LARGEST_ID - 1), "过大"),
        ("quantities-0", "9" * 30, "过大"),
    ],
)
def test_what_lies_beyond_all_bounds_is_refused_beside_its_field(typed, name, value, message):
    form = typed(**{name: value})
    field = form.quantities[0] if "-" in name else form[name]

    assert any(message in str(error) or "too large" in str(error) for error in field.errors)


@pytest.mark.parametrize(
    ("name", "value"),
    [("day", "2026-11-24"), ("at", "2026-11-24T08:00:00"), ("quantity", str(LARGEST_ID))],
)
def test_what_lies_within_the_bounds_is_fine(typed, name, value):
    assert typed(**{name: value}).errors == {}
