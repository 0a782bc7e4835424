"""Input about accounts: signing in, passwords, the accounts themselves and their roles."""

from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import EqualTo, InputRequired, Length

from carecampaign.access.permissions import Role
from carecampaign.accounts.identifiers import LONGEST_EMAIL, LONGEST_USERNAME
from carecampaign.accounts.passwords import LONGEST, SHORTEST
from carecampaign.core.forms import CommandForm, FilterForm, Form, LineText
from carecampaign.core.i18n import _, _l, choices
from carecampaign.organizations.forms import LONGEST_NAME, OrganizationField

LONGEST_PERSON_NAME = 50
LONGEST_PHONE = 32
LONGEST_VIEW_NAME = 40
LONGEST_TYPED = 1000
"""Signs of a password that is only compared: refused beyond, so that hashing stays cheap."""


class SignInForm(Form):
    username = LineText(
        _l("Account name, phone or e-mail"),
        [InputRequired(), Length(max=LONGEST_EMAIL)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(), Length(max=LONGEST_TYPED)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(Form):
    """A password somebody chooses, typed twice; the policy is checked against the account."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(), Length(max=LONGEST_TYPED)],
        description=_l(
            "At least %(number)s characters; a short sentence is easy to remember.",
            number=SHORTEST,
        ),
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST},
    )
    repeated = PasswordField(
        _l("New password again"),
        [
            InputRequired(),
            EqualTo("password", message=_l("This is not the same as above.")),
        ],
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST},
    )


class ChangePasswordForm(NewPasswordForm):
    old_password = PasswordField(
        _l("Present password"),
        [InputRequired(), Length(max=LONGEST_TYPED)],
        render_kw={"autocomplete": "current-password"},
    )


class UserForm(Form):
    name = LineText(_l("Full name"), [InputRequired(), Length(max=LONGEST_PERSON_NAME)])
    username = LineText(
        _l("Account name"),
        [InputRequired(), Length(max=LONGEST_USERNAME)],
        description=_l("For signing in, for example zhangmin: letters (a-z), digits, . - and _"),
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    phone = LineText(
        _l("Phone"),
        [Length(max=LONGEST_PHONE)],
        description=_l("Optional. Also good for signing in."),
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    email = LineText(
        _l("E-mail"),
        [Length(max=LONGEST_EMAIL)],
        description=_l("Optional. Also good for signing in."),
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )


class GrantForm(Form):
    # None is chosen beforehand: the first of the list is the most powerful.
    role = SelectField(
        _l("Role"),
        [InputRequired()],
        default="",
        choices=lambda: [("", _("Please choose")), *choices(Role)],
    )
    organization = OrganizationField(
        _l("Organization"),
        [Length(max=LONGEST_NAME)],
        description=_l(
            "Type part of a name and pick from the list. The role reaches over this organization "
            "and all below it. Left empty, a system administrator reaches everything."
        ),
    )


class NewUserForm(UserForm, GrantForm, CommandForm):
    """An account with its first role; it opens once, however often it is sent."""


class UserFilterForm(FilterForm):
    """The filters above the list of accounts."""

    q = LineText(_l("Name, account name, phone or e-mail"), [Length(max=LONGEST_EMAIL)])
    role = SelectField(_l("Role"), default="", choices=lambda: [("", _("All")), *choices(Role)])
    organization = OrganizationField(_l("Organization"), [Length(max=LONGEST_NAME)])
    state = SelectField(
        _l("Status"),
        default="",
        choices=lambda: [("", _("All")), ("active", _("Active")), ("inactive", _("Inactive"))],
    )


class SaveViewForm(Form):
    """A name for a list as it stands."""

    name = LineText(
        _l("Name of the view"),
        [InputRequired(), Length(max=LONGEST_VIEW_NAME)],
        description=_l("A view of this list that has this name already is replaced."),
        render_kw={"autocomplete": "off"},
    )
    is_default = BooleanField(_l("Begin with this view whenever I open the list"))
