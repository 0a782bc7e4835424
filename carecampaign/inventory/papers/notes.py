"""A posted stock document as a paper, whatever its kind: it shows the state that it has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from carecampaign.core.babel import show_date, show_datetime
from carecampaign.core.i18n import _
from carecampaign.core.money import format_yuan
from carecampaign.core.pdf import Form
from carecampaign.inventory.models import (
    GAIN_AND_LOSS,
    DocumentKind,
    DocumentState,
    LocationKind,
    StockDocument,
    StockLocation,
    StockTake,
)
from carecampaign.inventory.papers.parts import (
    Part,
    have_one_unit,
    item_parts,
    money,
    pieces,
    table,
    text,
)
from carecampaign.inventory.queries.pages import PaperLine
from carecampaign.inventory.words import bare_number, document_number, form_number, place_name

Fact = tuple[str, str]
BETWEEN_PLACES = frozenset({DocumentKind.TRANSFER, DocumentKind.RETURN})
OF_PACKAGES = frozenset({DocumentKind.ASSEMBLY, DocumentKind.DISASSEMBLY})


@dataclass(frozen=True)
class Note:
    """A document with all that its paper says.

    ``funds`` are names by the id of the source, ``destinations`` where transit leads, by the
    id of the transit location. ``substitutes`` say what is in packages instead of what their
    bill says.
    """

    document: StockDocument
    lines: Sequence[PaperLine]
    funds: Mapping[int, str]
    destinations: Mapping[int, StockLocation]
    substitutes: Sequence[str] = ()
    reversal: StockDocument | None = None
    reversed_one: StockDocument | None = None
    stock_take: StockTake | None = None

    @property
    def amount(self) -> int | None:
        """What the paper is about, in fen: of packages put together, what was made.

        Of a stock-take it is gain and loss, which no amount in capitals tells apart.
        """
        if self.document.kind in GAIN_AND_LOSS:
            return None
        is_package = self.document.kind in OF_PACKAGES
        return sum(row.value for row in self.lines if not (is_package and row.is_input))


def note_form(note: Note) -> Form:
    """Give the paper of a document."""
    columns, rows = table(_parts(note), note.lines)
    return Form(
        title=str(note.document.kind.label),
        number=_("No. %(number)s", number=bare_number(note.document)),
        organization=note.document.organization.name,
        facts=[fact for fact in _facts(note) if fact[1]],
        columns=columns,
        rows=rows,
        signers=_signers(note.document.kind),
        amount=note.amount,
        remarks=[
            *_remarks(note.document),
            *((_("Put in instead"), words) for words in note.substitutes),
        ],
        stamp=_stamp(note),
        copies=_copies(note.document.kind),
    )


def _stamp(note: Note) -> str:
    if note.reversal is not None:
        return _("Reversed by %(number)s", number=document_number(note.reversal))
    is_open = note.document.state is DocumentState.IN_TRANSIT
    return str(note.document.state.label) if is_open else ""


def _facts(note: Note) -> list[Fact]:
    document = note.document
    accepted = _("%(name)s, %(when)s")
    return [
        (_("Date"), show_date(document.dated_on)),
        *_ends(note),
        (_("Purpose"), document.purpose),
        (_("Campaign"), "" if document.campaign is None else document.campaign.name),
        (_("Fund source"), _list(note.funds.values())),
        (_("Stock-take sheet"), "" if note.stock_take is None else form_number(note.stock_take)),
        (_("Reverses"), "" if note.reversed_one is None else document_number(note.reversed_one)),
        (_("State"), str(document.state.label)),
        (
            _("Recorded by"),
            _("The system") if not document.recorded_by else document.recorded_by.name,
        ),
        (
            _("Accepted by"),
            accepted
            % {
                "name": document.received_by.name if document.received_by else _("The system"),
                "when": show_datetime(document.received_at),
            }
            if document.received_at
            else "",
        ),
    ]


def _ends(note: Note) -> list[Fact]:
    document = note.document
    source, target = (
        place_name(end, note.destinations) for end in (document.source, document.target)
    )
    if document.kind is DocumentKind.RECEIPT:
        is_donated = document.source.kind is LocationKind.DONOR
        return [
            (_("Origin"), _("Donated") if is_donated else _("Bought")),
            (_("Donor") if is_donated else _("Supplier"), document.counterpart),
            (_("Invoice number"), document.invoice_number),
            (_("Stored at"), target),
            (_("Delivered by"), document.delivered_by),
            (_("Inspected by"), document.inspected_by),
        ]
    if document.kind is DocumentKind.ISSUE:
        return [
            (_("Issued from"), source),
            (_("Receiving unit"), document.counterpart),
            (_("Receiver"), document.receiver),
        ]
    if document.kind in OF_PACKAGES | GAIN_AND_LOSS:
        return [(_("Stock location"), target)]
    if document.kind in BETWEEN_PLACES:
        return [(_("Sent from"), source), (_("Sent to"), target)]
    return [(_("Source"), source), (_("Destination"), target)]


def _parts(note: Note) -> list[Part[PaperLine]]:
    kind, is_one_unit = note.document.kind, have_one_unit(row.line.item for row in note.lines)
    is_mixed, is_count = kind in OF_PACKAGES, kind in GAIN_AND_LOSS
    return [
        *([text(_("Direction"), _used_or_made)] if is_mixed else []),
        *([text(_("Direction"), _gain_or_loss)] if is_count else []),
        *item_parts(lambda row: row.line.item),
        text(_("Batch"), _lots, "1.3fr"),
        text(_("Expiry"), _expiries),
        text(_("Unit"), lambda row: row.line.item.unit),
        *_quantities(note, is_summed=is_one_unit and not is_mixed and not is_count),
        money(_("Unit price (yuan)"), _prices),
        money(
            _("Amount (yuan)"),
            lambda row: row.gain if is_count else row.value,
            is_summed=not is_mixed,
        ),
    ]


def _quantities(note: Note, *, is_summed: bool) -> list[Part[PaperLine]]:
    kind = note.document.kind
    if kind is DocumentKind.TRANSFER:
        return [
            pieces(_("Dispatched"), lambda row: row.line.quantity, is_summed=is_summed),
            pieces(_("Arrived"), lambda row: row.line.received, is_summed=is_summed),
            text(_("Shortfall"), _shortfall, "1.2fr"),
        ]
    if kind in GAIN_AND_LOSS:
        return [
            pieces(_("Quantity"), lambda row: row.line.quantity),
            text(_("Reason"), lambda row: row.line.difference_reason, "1.2fr"),
        ]
    is_ordered = any(row.line.ordered is not None for row in note.lines)
    ordered = _("Asked for") if kind is DocumentKind.ISSUE else _("Ordered")
    return [
        *([pieces(ordered, lambda row: row.line.ordered)] if is_ordered else []),
        pieces(_("Quantity"), lambda row: row.line.quantity, is_summed=is_summed),
        *([text(_("Difference"), _difference, "1fr")] if is_ordered else []),
    ]


def _used_or_made(row: PaperLine) -> str:
    return _("Used") if row.is_input else _("Made")


def _gain_or_loss(row: PaperLine) -> str:
    return _("Loss") if row.is_loss else _("Gain")


def _lots(row: PaperLine) -> str:
    names = [move.lot.code if move.lot else _("unknown") for move in row.movements]
    if len(names) > 1:
        names = [
            f"{name} × {move.quantity:,}" for name, move in zip(names, row.movements, strict=True)
        ]
    return "\n".join(names)


def _expiries(row: PaperLine) -> str:
    days = [move.lot.expires_on if move.lot else None for move in row.movements]
    return "\n".join("—" if day is None else day.isoformat() for day in days if any(days))


def _prices(row: PaperLine) -> str:
    return "\n".join(format_yuan(move.value // move.quantity) for move in row.movements)


def _difference(row: PaperLine) -> str:
    ordered = row.line.ordered
    if ordered is None or ordered == row.line.quantity:
        return ""
    return f"{row.line.quantity - ordered:+,} {row.line.difference_reason}"


def _shortfall(row: PaperLine) -> str:
    received = row.line.received
    if received is None or received == row.line.quantity:
        return ""
    return f"{received - row.line.quantity:,} {row.line.difference_reason}"


def _remarks(document: StockDocument) -> list[Fact]:
    remarks = []
    if document.kind is DocumentKind.RECEIPT:
        found = "" if document.inspection is None else str(document.inspection.label)
        remarks.append((_("Result of the inspection on arrival (damage, differences):"), found))
    if document.note:
        is_reversal = document.kind is DocumentKind.REVERSAL
        remarks.append((_("Reason") if is_reversal else _("Note"), document.note))
    return remarks


def _signers(kind: DocumentKind) -> list[str]:
    if kind is DocumentKind.RECEIPT:
        names = [_("Delivered by"), _("Inspected by"), _("Stock keeper"), _("Supervisor")]
    elif kind in BETWEEN_PLACES:
        names = [_("Sent by"), _("Received by"), _("Stock keeper"), _("Approved by")]
    elif kind is DocumentKind.ISSUE:
        names = [_("Approved by"), _("Stock keeper"), _("Received by"), _("Voucher number")]
    else:
        names = [_("Handled by"), _("Stock keeper"), _("Checked by"), _("Person in charge")]
    return [*names, _("Date signed")]


def _copies(kind: DocumentKind) -> str:
    if kind is DocumentKind.RECEIPT:
        return _("In three copies: storekeeper, finance, supplier.")
    return ""


def _list(names: Iterable[str]) -> str:
    return _(", ").join(names)
