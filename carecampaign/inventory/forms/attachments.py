"""Input of what is put to a stock document."""

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from carecampaign.core.forms import CommandForm
from carecampaign.core.i18n import _l, choices
from carecampaign.inventory.models import AttachmentKind


class AttachmentForm(CommandForm):
    kind = SelectField(
        _l("Kind of paper"),
        default=AttachmentKind.INVOICE.value,
        choices=lambda: choices(AttachmentKind),
    )
    photo = FileField(
        _l("Photo, scan or PDF"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "JPEG, PNG, WebP or PDF. Time and place that the camera noted in it are removed."
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp,application/pdf"},
    )
