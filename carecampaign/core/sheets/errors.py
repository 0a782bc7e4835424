"""What can be wrong with a spreadsheet somebody sends in."""

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l


class WrongSheetType(DomainError):
    """The file is no spreadsheet, or of a kind that is not read."""

    field = "file"

    def __init__(self) -> None:
        super().__init__(
            _l("This is no .xlsx, .xls or .csv file. Save the table as one of these.")
        )


class SheetDamaged(DomainError):
    """The file says it is a spreadsheet, and cannot be read as one."""

    field = "file"

    def __init__(self) -> None:
        super().__init__(_l("The file is damaged or incomplete. Save it anew and send it again."))


class SheetTooLarge(DomainError):
    """Unpacked, the file would take more memory or columns than a table of people's work does."""

    field = "file"

    def __init__(self) -> None:
        super().__init__(_l("The file is too large. Send the table alone, in parts if need be."))


class TooManyRows(DomainError):
    """The table has more rows than may be sent at once."""

    field = "file"

    def __init__(self, most: int) -> None:
        super().__init__(_("A table may have at most %(most)s rows. Send it in parts.", most=most))
