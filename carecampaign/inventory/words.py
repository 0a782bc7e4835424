"""How stock documents and places are named on screen and paper."""

from collections.abc import Mapping
from typing import Any, Protocol

from carecampaign.core.i18n import _, _l
from carecampaign.inventory.models import (
    VIRTUAL_KINDS,
    DocumentKind,
    LocationKind,
    LotContent,
    Requisition,
    StockDocument,
    StockLocation,
    StockTake,
    WriteOff,
)

SHORT_KINDS = {
    DocumentKind.RECEIPT: _l("Receipt"),
    DocumentKind.ASSEMBLY: _l("Assembly"),
    DocumentKind.DISASSEMBLY: _l("Take-apart"),
    DocumentKind.TRANSFER: _l("Transfer"),
    DocumentKind.RETURN: _l("Return"),
    DocumentKind.OPENING: _l("Opening"),
    DocumentKind.CLOSING: _l("Closing"),
    DocumentKind.DIFFERENCE: _l("Difference"),
    DocumentKind.REVERSAL: _l("Reversal"),
    DocumentKind.REQUISITION: _l("Requisition"),
    DocumentKind.ISSUE: _l("Issue"),
    DocumentKind.WRITE_OFF: _l("Write-off"),
    DocumentKind.STOCK_TAKE: _l("Stock-take"),
    DocumentKind.GAIN_LOSS: _l("Gain and loss"),
}


KINDS_OF_FORMS = {
    Requisition: DocumentKind.REQUISITION,
    WriteOff: DocumentKind.WRITE_OFF,
    StockTake: DocumentKind.STOCK_TAKE,
}


class Numbered(Protocol):
    """A paper with a number of a year."""

    year: Any
    number: Any


def bare_number(document: Numbered) -> str:
    """Give a document's number within its organisation and kind: 2026-0007."""
    return f"{document.year}-{document.number:04d}"


def document_number(document: StockDocument) -> str:
    """Name a document as people quote it: 入库 2026-0007, Receipt 2026-0007."""
    return f"{SHORT_KINDS[document.kind]} {bare_number(document)}"


def form_number(form: Requisition | StockTake | WriteOff) -> str:
    """Name a form that is not posted yet, as people quote it: 领用 2026-0007."""
    return f"{SHORT_KINDS[KINDS_OF_FORMS[type(form)]]} {bare_number(form)}"


def substitute_words(content: LotContent) -> str:
    """Say what is in a package instead of what its bill says: Scarf × 1 instead of Gloves × 2."""
    line = content.line
    return _(
        "%(item)s × %(quantity)s instead of %(listed)s × %(listed_quantity)s",
        item=content.item.name,
        quantity=content.quantity,
        listed=line.item.name,
        listed_quantity=line.quantity,
    )


def place_name(location: StockLocation, destinations: Mapping[int, StockLocation]) -> str:
    """Name a location; ``destinations`` are by the id of the transit location."""
    if location.kind in VIRTUAL_KINDS:
        return str(location.kind.label)
    if location.kind is LocationKind.TRANSIT:
        return _("On the way to %(place)s", place=destinations[location.id].name)
    return location.name
