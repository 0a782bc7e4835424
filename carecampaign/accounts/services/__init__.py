"""Open and change accounts, give roles, invite, and let people in."""

from carecampaign.accounts.services.administrators import LastAdministrator
from carecampaign.accounts.services.grants import (
    AlreadyGranted,
    BeyondReach,
    NeedsOrganization,
    grant_role,
    revoke_role,
)
from carecampaign.accounts.services.invitations import (
    InvitationOver,
    accept_invitation,
    digest_of_token,
    invite,
)
from carecampaign.accounts.services.saved_views import (
    NothingToKeep,
    TooManyViews,
    remove_view,
    save_view,
)
from carecampaign.accounts.services.signing_in import (
    TooManyAttempts,
    end_session,
    forget_attempt,
    note_attempt,
    note_sign_in,
)
from carecampaign.accounts.services.users import (
    IsInactive,
    IsOneself,
    Taken,
    activate_user,
    check_control,
    create_user,
    deactivate_user,
    edit_user,
    set_password,
)

__all__ = [
    "AlreadyGranted",
    "BeyondReach",
    "InvitationOver",
    "IsInactive",
    "IsOneself",
    "LastAdministrator",
    "NeedsOrganization",
    "NothingToKeep",
    "Taken",
    "TooManyAttempts",
    "TooManyViews",
    "accept_invitation",
    "activate_user",
    "check_control",
    "create_user",
    "deactivate_user",
    "digest_of_token",
    "edit_user",
    "end_session",
    "forget_attempt",
    "grant_role",
    "invite",
    "note_attempt",
    "note_sign_in",
    "remove_view",
    "revoke_role",
    "save_view",
    "set_password",
]
