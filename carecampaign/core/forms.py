"""What every form in the system shares."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import uuid_utils
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, HiddenField, StringField, TextAreaField
from wtforms.validators import UUID, InputRequired, StopValidation
from wtforms.widgets import TextInput

from carecampaign.core import money
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.core.limits import LARGEST_ID


class Form(FlaskForm):
    """The base of every form: broken domain rules show beside the field to blame."""

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
        text = unicodedata.normalize("NFC", str(valuelist[0])) if valuelist else ""
        self.data = " ".join(
            "".join(sign if _is_printable(sign) else " " for sign in text).split()
        )
        self.raw_data = [self.data]  # so that a required text is one after cleaning


class Paragraphs(TextAreaField):
    """Text of several lines: Unicode-composed, without control characters, trimmed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = unicodedata.normalize("NFC", str(valuelist[0])) if valuelist else ""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.data = "\n".join(
            "".join(sign if _is_printable(sign) else " " for sign in line).rstrip()
            for line in lines
        ).strip()
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


def _is_printable(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


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
