"""Entries to seal, and a kind of row that is sealed by digest."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.audit import services as audit
from carecampaign.core.db import transaction
from carecampaign.core.i18n import in_language_of
from tests.factories import OrganizationFactory


@pytest.fixture(autouse=True)
def in_english(app):
    with in_language_of("en"):
        yield


@pytest.fixture
def organization(app):
    with transaction():
        return OrganizationFactory(name="A union")


@pytest.fixture
def record_entries(organization):
    """Record so many entries, committed, named "change 0", "change 1" ..."""

    def record(count, *, by=SYSTEM, path=None):
        with transaction():
            for number in range(count):
                audit.record(
                    "organizations.edit",
                    organization,
                    by=by,
                    name=f"change {number}",
                    path=organization.path if path is None else path,
                    changes={"name": ["before", "after"]},
                )

    return record
