"""Every page there is, opened over the demo: no script or style in it, and nothing written."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Select, or_, select, true
from werkzeug.routing import AnyConverter

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.beneficiaries.models import Card, CardBatch, Occupation, Person, PersonPair
from carecampaign.campaigns.models import (
    Campaign,
    CampaignGroup,
    Consent,
    EntitlementRule,
    Notice,
)
from carecampaign.catalogue.models import CarePackage, Item
from carecampaign.core.db import db, transaction
from carecampaign.core.uploads import StagedUpload
from carecampaign.demo import loading, people
from carecampaign.distributions.models import (
    DistributionEvent,
    Handout,
    HandoutException,
    PaperSheet,
)
from carecampaign.funds.models import Earmark, FundSource
from carecampaign.holidays.models import Holiday
from carecampaign.inventory.models import (
    DocumentAttachment,
    Requisition,
    StockDocument,
    StockLevel,
    StockLocation,
    StockTake,
    WriteOff,
)
from carecampaign.jobs.models import Job
from carecampaign.organizations.models import Organization
from carecampaign.privacy.models import UnmaskedExport
from carecampaign.stations.models import Station, StationPhoto
from tests.architecture.test_templates import INLINE
from tests.factories import UserFactory

ROWS: dict[tuple[str, ...], Select] = {
    (): select(1),
    ("batch_id",): select(CardBatch.id),
    ("campaign_id",): select(Campaign.id),
    ("campaign_id", "group_id"): select(CampaignGroup.campaign_id, CampaignGroup.id),
    ("campaign_id", "rule_id"): select(Campaign.id, EntitlementRule.id).join(
        EntitlementRule,
        or_(
            EntitlementRule.campaign_id == Campaign.id,
            EntitlementRule.organization_id == Campaign.organizer_id,
        ),
    ),
    ("campaign_id", "person_id"): select(Notice.campaign_id, Consent.person_id).join(
        Consent, Consent.notice_id == Notice.id
    ),
    ("card_id",): select(Card.id),
    ("document_id",): select(StockDocument.id),
    ("document_id", "attachment_id"): select(
        DocumentAttachment.document_id, DocumentAttachment.id
    ),
    ("earmark_id",): select(Earmark.id),
    ("event_id",): select(DistributionEvent.id),
    ("event_id", "exception_id"): select(HandoutException.event_id, HandoutException.id),
    ("event_id", "handout_id"): select(Handout.event_id, Handout.id),
    ("event_id", "sheet_id"): select(PaperSheet.event_id, PaperSheet.id),
    ("event_id", "item_id"): select(DistributionEvent.id, StockLevel.item_id).join(
        StockLevel, StockLevel.location_id == DistributionEvent.location_id
    ),
    ("export_id",): select(UnmaskedExport.id),
    ("holiday_id",): select(Holiday.id),
    ("item_id",): select(Item.id),
    ("job_id",): select(Job.id),
    ("location_id",): select(StockLocation.id),
    ("occupation_id",): select(Occupation.id),
    ("organization_id",): select(Organization.id),
    ("organization_id", "upload_id"): select(Organization.id, StagedUpload.id).join(
        StagedUpload, true()
    ),
    ("package_id",): select(CarePackage.id),
    ("pair_id",): select(PersonPair.id),
    ("person_id",): select(Person.id),
    ("photo_id",): select(StationPhoto.id),
    ("requisition_id",): select(Requisition.id),
    ("source_id",): select(FundSource.id),
    ("station_id",): select(Station.id),
    ("stock_take_id",): select(StockTake.id),
    ("station_id", "photo_id"): select(StationPhoto.station_id, StationPhoto.id),
    ("upload_id",): select(StagedUpload.id),
    ("user_id",): select(User.id),
    ("write_off_id",): select(WriteOff.id),
}
"""The rows a page can be about, by the arguments of its URL."""

OTHER_ARGUMENTS = {
    "code": "B1",
    "name": "start.png",
    "token": "x" * 43,  # or as long as the page has it
    "filename": "css/app.css",
}
LENGTHS = {"field.scanned": 22}
MOST_ROWS = 8
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|SELECT .*FOR UPDATE)", re.IGNORECASE | re.DOTALL)
ID = re.compile(r'\sid="([^"]+)"')


@pytest.fixture
def demo(app):
    """The demo, and somebody who holds every role there is."""
    passwords = dict.fromkeys((account.username for account in people.ACCOUNTS), "x")
    with transaction():
        loading.load(passwords)
    with transaction():
        root = db.session.scalars(
            select(Organization).where(Organization.parent_id.is_(None))
        ).all()
        grants = [
            RoleGrant(role=role, organization=place)
            for role in Role
            if role is not Role.ADMINISTRATOR
            for place in root
        ]
        grants.append(RoleGrant(role=Role.ADMINISTRATOR, organization=None))
        return UserFactory(grants=grants)


def urls(app) -> Iterator[str]:
    """Give the URLs of every page: for the pages of a row, of a good many rows."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            # Whether the server is ready depends on who else runs, and has its own tests.
            if "GET" not in rule.methods or rule.endpoint == "jobs.readyz":
                continue
            others = {
                name: min(converter.items)
                if isinstance(converter, AnyConverter)
                else OTHER_ARGUMENTS[name][: LENGTHS.get(rule.endpoint)]
                for name, converter in rule._converters.items()  # noqa: SLF001 - no public way
                if not name.endswith("_id")
            }
            names = tuple(name for name in re.findall(r":(\w+_id)>", rule.rule))
            for row in db.session.execute(ROWS[names].limit(MOST_ROWS)):
                yield app.url_for(rule.endpoint, **dict(zip(names, row, strict=False)), **others)


def faults_of(answer) -> Iterator[str]:
    if answer.status_code not in {200, 302, 403, 404, 409, 410}:
        yield f"answers {answer.status_code}"
    if answer.mimetype == "text/html":
        yield from (f"holds {found}" for found in INLINE.findall(answer.text))
        repeated = [name for name, count in Counter(ID.findall(answer.text)).items() if count > 1]
        yield from (f"has the id {name} twice" for name in repeated)


def test_every_page_opens_without_script_or_style_and_writes_nothing(
    app, client_for, demo, count_queries
):
    client = client_for(demo)
    faults, opened = [], Counter()
    for url in list(urls(app)):
        with count_queries() as sent, client.get(url) as answer:
            opened[answer.status_code] += 1
            faults += [f"{url} {fault}" for fault in faults_of(answer)]
        faults += [f"{url} writes: {statement}" for statement in sent if WRITES.match(statement)]

    assert faults == []
    assert opened[200] > 100
