"""Tables somebody sends in to look at first: taken, given back for the look, let go."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash

from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.uploads import StagedUpload, discard_upload, get_upload, stage_upload


@dataclass(frozen=True)
class Intake:
    """What one account sends in for one purpose (``<area>.<verb>``)."""

    purpose: str
    owner_id: int | None

    def take(
        self,
        form: SheetForm,
        read: Callable[[bytes, str], object],
        *,
        options: Mapping[str, Any] | None = None,
    ) -> uuid.UUID | None:
        """Keep the table of a form that was sent, and give its id for the look.

        ``read`` gets content and filename and raises DomainError for what is no such table: then
        the form says so, nothing is kept, and None is given. Also None for a form not sent.
        """
        if not form.validate_on_submit():
            return None
        content, filename = form.file.data.read(), form.file.data.filename
        try:
            read(content, filename)
        except DomainError as error:
            form.reject(error)
            return None
        with transaction():
            upload = stage_upload(
                content,
                filename=filename,
                purpose=self.purpose,
                owner_id=self.owner_id,
                options=options,
            )
            return upload.id

    def get(self, upload_id: uuid.UUID) -> StagedUpload:
        """Give a table that waits. Raises NotFound, also for somebody else's."""
        return get_upload(upload_id, purpose=self.purpose, owner_id=self.owner_id)

    def use(self, upload_id: uuid.UUID) -> None:
        """Let a table go in the transaction that applies it, so that it is applied once."""
        discard_upload(
            get_upload(upload_id, purpose=self.purpose, owner_id=self.owner_id, lock=True)
        )

    def drop(self, upload_id: uuid.UUID) -> None:
        """Let a table go unused, and say so."""
        with transaction():
            self.use(upload_id)
        flash(_("Import cancelled. Nothing has been changed."), "success")
