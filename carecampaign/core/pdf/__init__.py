"""Papers to print and to keep: Typst templates filled with content, as PDF."""

from carecampaign.core.pdf.form import Column, ColumnKind, Form, render_form
from carecampaign.core.pdf.rendering import render
from carecampaign.core.pdf.sending import send_pdf

__all__ = ["Column", "ColumnKind", "Form", "render", "render_form", "send_pdf"]
