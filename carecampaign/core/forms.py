"""What every form in the system shares."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import uuid_utils
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import UUID, InputRequired, StopValidation
from wtforms.widgets import TextInput

from carecampaign.core import money
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.core.limits import FIRST_DAY, LARGEST_ID, LAST_DAY
from carecampaign.core.text import one_line, paragraphs

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Form(FlaskForm):
    """The base of every form: broken domain rules show beside the field to blame.

    What was typed is shown again, but only what a page may contain; numbers and days that no
    database or calendar of ours holds are refused.
    """

    def process(self, *arguments: Any, **values: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Read what was sent, and make sure that it can be shown again."""
        super().process(*arguments, **values)
        for field in _leaves(self):
            _make_printable(field)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check every field by its own rules, and then whether it can be stored at all."""
        is_valid = super().validate(extra_validators)
        for field in _leaves(self):
            words = _out_of_bounds(field)
            if words is not None and not field.errors:
                field.errors = [str(words)]
                is_valid = False
        return bool(is_valid)

    def reject(self, error: DomainError) -> None:
        """Show a broken domain rule beside the field to blame, else above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(str(error))
        else:
            field.errors = [*field.errors, str(error)]


def new_command_id() -> str:
    """Make the id (UUIDv7) that lets a form be sent twice and take effect once."""
    return str(uuid_utils.uuid7())


class CommandForm(Form):
    """A form that creates a document: it carries an id, so sending it again changes nothing."""

    command_id = HiddenField(default=new_command_id, validators=[InputRequired(), UUID()])


class FilterForm(Form):
    """The filters above a list: they are read from the URL, and any may be left out.

    Give every select ``default=""`` and an empty choice.
    """

    class Meta:
        csrf = False

    def valid_values(self) -> dict[str, Any]:
        """Give the filters that were understood; a wrong one shows its error and is left out."""
        self.validate()
        return {field.short_name: field.data for field in self if field.data and not field.errors}


class LineText(StringField):
    """One line of text: trimmed, Unicode-composed, without control characters."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = one_line(str(valuelist[0])) if valuelist else ""
        self.raw_data = [self.data]  # so that a required text is one after cleaning


class Paragraphs(TextAreaField):
    """Text of several lines: Unicode-composed, without control characters, trimmed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = paragraphs(str(valuelist[0])) if valuelist else ""
        self.raw_data = [self.data]  # so that a required text is one after cleaning


class Lines(FieldList):
    """A list of sub-forms whose posted numbering is only trusted where it is one.

    WTForms takes "²" for a digit and then fails to read it.
    """

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        pattern = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,6}})(?:-|$)")
        for key in formdata:
            if (found := pattern.match(key)) is not None:
                yield int(found[1])


class YuanField(Field):
    """An amount typed in yuan; ``data`` is fen (int) or None when left empty."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else money.format_yuan(self.data).replace(",", "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not str(valuelist[0]).strip():
            return
        try:
            self.data = money.parse_yuan(str(valuelist[0]))
        except money.NotAnAmount as error:
            raise ValueError(str(error)) from error


def bounded_id(text: str) -> int:
    """Coerce a choice's value to a row id; out of 63 bits it is a ValueError, never a 500."""
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(_l("Not a valid choice."))
    return number


def optional_id(text: str) -> int | None:
    """Coerce a choice's value as ``bounded_id`` does, and the empty choice to None."""
    return bounded_id(text) if text else None


def no_null_bytes(_form: Form, field: Field) -> None:
    """Refuse NUL, which PostgreSQL cannot store."""
    if isinstance(field.data, str) and "\0" in field.data:
        raise StopValidation(_l("This text contains a character that cannot be stored."))


def _leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """Give the fields with a value of their own; forms within a form look after theirs."""
    for field in fields:
        if isinstance(field, FieldList):
            yield from _leaves(field.entries)
        elif not isinstance(field, FormField):
            yield field


def _make_printable(field: Field) -> None:
    """Replace signs that have no place in HTML in what numbers and dates show again."""
    if field.raw_data:
        field.raw_data = [_printable(value) for value in field.raw_data]
        field.data = _printable(field.data)


def _printable(value: object) -> object:
    # Members of a closed list are strings, too, and stay what they are.
    if not isinstance(value, str) or not UNPRINTABLE.search(value):
        return value
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def _out_of_bounds(field: Field) -> LazyString | None:
    """Say what is wrong with a day or a number beyond all bounds, None where nothing is."""
    day = field.data.date() if isinstance(field.data, datetime) else field.data
    if isinstance(day, date) and not FIRST_DAY <= day <= LAST_DAY:
        return _l("Enter a date between 2000 and 2199.")
    if isinstance(field.data, int) and abs(field.data) > LARGEST_ID:
        return _l("This number is too large.")
    return None
