"""A table to fill in, and what was wrong with one."""

from collections.abc import Sequence

from carecampaign.core.i18n import _
from carecampaign.core.imports.tables import Column, Staged
from carecampaign.core.sheets import Sheet


def template_sheets(columns: Sequence[Column]) -> tuple[Sheet, Sheet]:
    """Give an empty table with one example row, and a sheet that explains the columns."""
    table = Sheet(
        _("Table"),
        [str(column.heading) for column in columns],
        [[str(column.example) for column in columns]],
    )
    explained = [
        [
            str(it.heading),
            _("Yes") if it.is_required else _("No"),
            str(it.explanation),
            str(it.example),
        ]
        for it in columns
    ]
    headings = [_("Column"), _("Required"), _("What may stand there"), _("Example")]
    return table, Sheet(_("Explanation"), headings, explained)


def error_sheet(staged: Staged) -> Sheet:
    """Give the errors as a table to work through beside the one that was sent."""
    return Sheet(
        _("Errors"),
        [_("Row"), _("Column"), _("Content"), _("What is wrong")],
        [[it.row, it.heading, it.text, it.message] for it in staged.sorted_errors()],
    )
