"""Every list of the product: bounded queries, every column sorts, a file of what it shows."""

import csv
import io
from dataclasses import dataclass

import openpyxl
import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.accounts.queries import USERS
from carecampaign.audit.services import record
from carecampaign.audit.views import ENTRIES
from carecampaign.beneficiaries.models import PairGround, PersonPair
from carecampaign.beneficiaries.queries import OCCUPATIONS, PERSONS
from carecampaign.beneficiaries.queries.cards import BATCHES
from carecampaign.beneficiaries.queries.pairs import PAIRS
from carecampaign.campaigns.queries import CAMPAIGNS
from carecampaign.catalogue.queries import ITEMS, PACKAGES
from carecampaign.core.db import db
from carecampaign.core.listing import OF_LISTS, Listing
from carecampaign.distributions.queries import EVENTS
from carecampaign.funds.queries import FUND_SOURCES
from carecampaign.inventory.queries.pages import DOCUMENTS, MOVEMENTS, STOCK, STOCK_PLACES
from carecampaign.jobs.models import Job
from carecampaign.jobs.views import JOBS
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import TREE
from carecampaign.reports.queries.handouts import LOG
from carecampaign.reports.queries.overview import REPORTS
from carecampaign.stations.queries import STATIONS
from tests.beneficiaries.cards import printed_for
from tests.distributions.scene import set_the_scene
from tests.factories import (
    CampaignFactory,
    EventFactory,
    FundSourceFactory,
    ItemFactory,
    OccupationFactory,
    OrganizationFactory,
    PackageVersionFactory,
    PersonFactory,
    StationFactory,
    StockLocationFactory,
    UserFactory,
)
from tests.inventory.stock import receive

MOST_QUERIES = 12


@dataclass(frozen=True)
class ListPage:
    """A list, where it is, and what makes one more row of it."""

    listing: Listing
    path: str
    add: object


def receive_something(union):
    receive(StockLocationFactory(organization=union), ItemFactory(), 5)


def ask_for_a_job(_union):
    db.session.add(
        Job(kind="audit.verify", key=f"key {ItemFactory().id}", arguments={}, language="en")
    )


def note_something(_union):
    item = ItemFactory()
    record("catalogue.create_item", item, name=item.name, by=SYSTEM)


def pair_somebody(union):
    one, other = (PersonFactory(organization=union) for _end in range(2))
    pair = PersonPair(first_id=one.id, second_id=other.id, ground=PairGround.SAME_PHONE)
    db.session.add(pair)


PAGES = [
    ListPage(CAMPAIGNS, "/campaigns", lambda union: CampaignFactory(organizer=union)),
    ListPage(REPORTS, "/reports", lambda union: CampaignFactory(organizer=union)),
    ListPage(
        EVENTS, "/events", lambda union: EventFactory(campaign=CampaignFactory(organizer=union))
    ),
    ListPage(STOCK, "/inventory", receive_something),
    ListPage(STOCK_PLACES, "/inventory/locations", receive_something),
    ListPage(MOVEMENTS, "/inventory/movements", receive_something),
    ListPage(DOCUMENTS, "/inventory/documents", receive_something),
    ListPage(ITEMS, "/catalogue/items", lambda _union: ItemFactory()),
    ListPage(PACKAGES, "/catalogue/packages", lambda _union: PackageVersionFactory()),
    ListPage(STATIONS, "/stations", lambda union: StationFactory(owner=union)),
    ListPage(PERSONS, "/persons", lambda union: PersonFactory(organization=union)),
    ListPage(PAIRS, "/persons/duplicates", pair_somebody),
    ListPage(BATCHES, "/cards", printed_for),
    ListPage(OCCUPATIONS, "/occupations", lambda _union: OccupationFactory()),
    ListPage(TREE, "/organizations", lambda union: OrganizationFactory(parent=union)),
    ListPage(FUND_SOURCES, "/funds", lambda union: FundSourceFactory(organization=union)),
    ListPage(USERS, "/users", lambda union: UserFactory(organization=union)),
    ListPage(JOBS, "/jobs", ask_for_a_job),
    ListPage(ENTRIES, "/audit", note_something),
]

every_list = pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.path)


@pytest.fixture
def union(app) -> Organization:
    return OrganizationFactory()


@pytest.fixture
def reader(union) -> User:
    """Somebody of every role."""
    grants = [RoleGrant(role=role, organization=union) for role in Role]
    return UserFactory(grants=[*grants, RoleGrant(role=Role.ADMINISTRATOR)])


def columns_of(listing):
    return "&".join(f"columns={column.key}" for column in listing.columns)


@every_list
def test_a_list_takes_few_queries_however_long_it_is(
    shown, client_for, union, reader, count_queries
):
    client = client_for(reader)
    taken = []
    for rows in (1, 59):
        for _number in range(rows):
            shown.add(union)
        db.session.commit()
        with count_queries() as sent:
            assert (
                client.get(f"{shown.path}?size=200&{columns_of(shown.listing)}").status_code == 200
            )
        taken.append(len(sent))

    assert max(taken) <= MOST_QUERIES
    assert taken[1] <= taken[0] + 1  # a relation of nobody's may be fetched once there is one


@every_list
def test_a_list_sorts_by_each_of_its_columns_both_ways(shown, client_for, union, reader):
    for _number in range(3):
        shown.add(union)
    client = client_for(reader)

    for column in shown.listing.columns:
        for sort, direction in ((column.key, "ascending"), (f"-{column.key}", "descending")):
            text = client.get(f"{shown.path}?sort={sort}&{columns_of(shown.listing)}").text
            assert (f'aria-sort="{direction}"' in text) is (column.sql is not None), sort


@every_list
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_has_the_columns_and_rows_of_the_list(shown, client_for, union, reader, language):
    for _number in range(3):
        shown.add(union)
    client = client_for(reader, language=language)
    query = f"{columns_of(shown.listing)}&sort={shown.listing.columns[0].key}"

    text = client.get(f"{shown.path}?{query}&format=csv").data.decode("utf-8-sig")
    as_csv = list(csv.reader(io.StringIO(text)))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{shown.path}?{query}&format=xlsx").data))

    assert len(as_csv) == book.active.max_row > 3
    assert as_csv[0] == [str(cell.value) for cell in book.active[1]]
    assert len(as_csv[0]) == len(shown.listing.columns)


@every_list
@pytest.mark.parametrize(
    "query",
    [
        "page=99999999",
        "page=-1&size=7&sort=secret&columns=secret",
        "size=%00&sort=%00&columns=%00&page=%00",
        "sort=id;drop&size=9999999999999999999",
        "view=all&columns=",
    ],
)
def test_what_makes_no_sense_counts_as_not_asked(shown, client_for, union, reader, query):
    shown.add(union)

    assert client_for(reader).get(f"{shown.path}?{query}").status_code == 200


@every_list
def test_there_is_no_file_of_an_unknown_kind(shown, client_for, reader):
    assert client_for(reader).get(f"{shown.path}?format=exe").status_code == 404


def test_no_filter_is_called_like_an_argument_of_all_lists(client_for, union, reader):
    client = client_for(reader)
    for shown in PAGES:
        shown.add(union)
        text = client.get(shown.path).text
        form = text.partition('class="filter-bar')[2].partition("</form>")[0]
        for name in OF_LISTS:
            assert f'name="{name}"' not in form, (shown.path, name)


def test_the_log_of_an_event_takes_few_queries_too(client_for, count_queries):
    scene = set_the_scene(packages=70)
    for _number in range(60):
        scene.log()
    client = client_for(UserFactory(role=Role.PLANNER, organization=scene.campaign.organizer))

    with count_queries() as sent:
        text = client.get(f"/reports/events/{scene.event.id}/log?{columns_of(LOG)}&size=200").text

    assert "60 entries" in text
    assert len(sent) <= MOST_QUERIES
