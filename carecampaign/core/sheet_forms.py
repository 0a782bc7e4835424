"""Input of a table somebody sends in."""

from flask_wtf.file import FileField, FileRequired

from carecampaign.core.forms import Form
from carecampaign.core.i18n import _l


class SheetForm(Form):
    """One table as a file; what is in it is checked when it is read."""

    file = FileField(
        _l("Table"),
        [FileRequired(_l("Choose a file first."))],
        description=_l("An .xlsx, .xls or .csv file with the headings of the template."),
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )
