"""The forms of DOMAIN.md section 1 as papers: from rows to what is printed."""

from carecampaign.inventory.papers.monthly import month_form
from carecampaign.inventory.papers.notes import Note, note_form
from carecampaign.inventory.papers.prepared import (
    requisition_form,
    stock_take_form,
    write_off_form,
)

__all__ = [
    "Note",
    "month_form",
    "note_form",
    "requisition_form",
    "stock_take_form",
    "write_off_form",
]
