"""The numbers of the forms: gapless, and a form became a document of its own."""

from collections.abc import Iterator

from sqlalchemy import CTE, Select, and_, func, literal, or_, select, union_all

from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.inventory.models import (
    GAIN_AND_LOSS,
    PREPARED_KINDS,
    DocumentCounter,
    DocumentKind,
    Requisition,
    StockDocument,
    StockTake,
    WriteOff,
)
from carecampaign.inventory.services.verification.comparing import MOST, AnySelect, compared
from carecampaign.organizations.models import Organization

PREPARED: dict[DocumentKind, type[Requisition | StockTake | WriteOff]] = {
    DocumentKind.REQUISITION: Requisition,
    DocumentKind.WRITE_OFF: WriteOff,
    DocumentKind.STOCK_TAKE: StockTake,
}
_KEYS = ("organization_id", "year", "kind")


def numbers_have_no_gaps() -> Iterator[str]:
    """The numbers of a kind in a year are 1, 2, 3 … up to the last one given out."""
    papers = _numbered_papers()
    keys = [papers.c[key] for key in _KEYS]
    given = select(
        *(getattr(DocumentCounter, key) for key in _KEYS), DocumentCounter.last.label("figure")
    )
    for figure in (func.count(), func.max(papers.c.number)):
        used = select(*keys, figure.label("figure")).group_by(*keys)
        both = compared(given, used, *_KEYS)
        rows = db.session.execute(
            select(Organization.name, both.c.year, both.c.kind, both.c.held, both.c.moved)
            .join(Organization, Organization.id == both.c.organization_id)
            .where(both.c.held != both.c.moved)
            .order_by(Organization.id, both.c.year, both.c.kind)
            .limit(MOST)
        )
        for name, year, kind, held, moved in rows:
            yield _(
                "%(organization)s, %(kind)s %(year)s: the last number given out is %(held)s,"
                " but the documents come to %(moved)s.",
                organization=name,
                kind=DocumentKind(kind).label,
                year=year,
                held=held,
                moved=moved,
            )


def forms_became_their_documents() -> Iterator[str]:
    """A write-off was posted under its own number, a stock-take as its gain and loss."""
    for kind, form, posted_as in (
        (DocumentKind.WRITE_OFF, WriteOff, {DocumentKind.WRITE_OFF}),
        (DocumentKind.STOCK_TAKE, StockTake, GAIN_AND_LOSS),
    ):
        rows = db.session.execute(
            select(Organization.name, form.year, form.number)
            .join(Organization, Organization.id == form.organization_id)
            .join(StockDocument, StockDocument.id == form.document_id)
            .where(
                or_(
                    StockDocument.kind.not_in(posted_as),
                    StockDocument.organization_id != form.organization_id,
                    and_(
                        StockDocument.kind == kind,
                        or_(
                            StockDocument.year != form.year,
                            StockDocument.number != form.number,
                        ),
                    ),
                )
            )
            .order_by(form.id)
            .limit(MOST)
        )
        for name, year, number in rows:
            yield _(
                "%(organization)s, %(kind)s %(year)s-%(number)s: its document has another number.",
                organization=name,
                kind=kind.label,
                year=year,
                number=number,
            )


def _numbered_papers() -> CTE:
    """Select what has a number: documents, and forms that have theirs before they are posted."""
    documents: AnySelect = select(
        StockDocument.organization_id,
        StockDocument.year,
        StockDocument.kind,
        StockDocument.number,
    ).where(StockDocument.kind.not_in(PREPARED_KINDS))
    return union_all(documents, *map(_forms_of, PREPARED)).cte()


def _forms_of(kind: DocumentKind) -> Select[int, int, str, int]:
    form = PREPARED[kind]
    return select(form.organization_id, form.year, literal(kind.value), form.number)
