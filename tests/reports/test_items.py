"""A campaign's handouts with packages counted as the items in them, substitutes included."""

import csv
import io
from collections import Counter
from random import Random

import openpyxl
import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns.models import Quota
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.distributions import services
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import LotContent, Movement
from carecampaign.reports.queries import progress
from carecampaign.reports.queries.breakdowns import read_breakdowns
from carecampaign.reports.queries.items import RECIPIENTS, lines_of, read_handed_out
from tests.distributions.scene import carry, receive, set_the_scene, staff
from tests.factories import ItemFactory
from tests.inventory.stock import package_of


@pytest.fixture
def scene(app):
    """Two events: one with packages as listed, one with some that hold scarves for gloves."""
    scene = set_the_scene(packages=0)
    scene.gloves, scene.cups, scene.scarves = (
        ItemFactory(name=name, reference_value=fen)
        for name, fen in (("Gloves", 333), ("Cups", 1000), ("Scarves", 550))
    )
    hand_out(scene, package_of((scene.gloves, 2), (scene.cups, 1)))
    for item, value in ((scene.gloves, 331), (scene.cups, 997), (scene.scarves, 555)):
        receive(scene.warehouse, item, 60, unit_value=value)
        receive(scene.warehouse, item, 60, unit_value=value + 2)
    scene.other_event = scene.another_event(place="Bus stop")
    bring(scene, scene.event, 20)
    bring(scene, scene.other_event, 20, substituted=8)
    carry(scene.warehouse, scene.event, scene.scarves, 5)
    db.session.commit()
    return scene


def hand_out(scene, version):
    """Let the campaign hand out another package."""
    scene.campaign.package_version, scene.package = version, version.item
    db.session.flush()


def bring(scene, event, packages, *, substituted=0):
    """Put packages together and bring them to an event."""
    version = scene.campaign.package_version
    inventory.assemble(
        scene.warehouse,
        version,
        quantity=packages,
        substitution=inventory.Substitution(
            version.lines[0], scene.scarves, 1, "Gloves ran out", substituted
        )
        if substituted
        else None,
        by=SYSTEM,
    )
    carry(scene.warehouse, event, scene.package, packages)


def hand_out_at_random(scene, seed):
    """Log packages and single scarves at both events, and void some of it."""
    chance, logged = Random(seed), []
    for _time in range(12):
        event = chance.choice([scene.event, scene.other_event])
        facts = {"group_id": chance.choice([scene.couriers, scene.riders]).id}
        if event is scene.event and chance.random() < 0.2:
            facts |= {"item_id": scene.scarves.id, "head_count": 0}
        quantity = chance.randint(1, 3)
        logged.append(scene.log(event=event, quantity=quantity, already_given=True, **facts))
        if chance.random() < 0.25:
            done = logged.pop(chance.randrange(len(logged)))
            services.void_handout(done.id, void_id=scene.tap().id, reason="Wrong", by=SYSTEM)
    db.session.commit()


def pieces_from_the_ledger():
    """What recipients have, taken to pieces lot by lot."""
    found = Counter()
    for row in db.session.scalars(select(Movement).where(Movement.handout_id.is_not(None))):
        sign = (row.target_id == RECIPIENTS) - (row.source_id == RECIPIENTS)
        noted = db.session.scalars(select(LotContent).where(LotContent.lot_id == row.lot_id))
        for item_id, quantity in [(one.item_id, one.quantity) for one in noted] or [
            (row.item_id, 1)
        ]:
            found[item_id] += sign * quantity * row.quantity
    return {item_id: pieces for item_id, pieces in found.items() if pieces}


@pytest.mark.parametrize("seed", range(4))
def test_every_breakdown_has_the_pieces_and_the_value_of_the_ledger(scene, seed, app):
    hand_out_at_random(scene, seed)

    with app.test_request_context():
        plain, by_items = (
            read_breakdowns(scene.campaign, in_language, by_items=switch)
            for switch in (False, True)
        )

    pieces = pieces_from_the_ledger()
    value = sum(figures.value for _day, figures in plain.days)
    for before, after in zip(
        (plain.units, plain.groups, plain.places),
        (by_items.units, by_items.groups, by_items.places),
        strict=True,
    ):
        assert [(line.label, line.planned, line.figures.value) for line in before] == [
            (line.label, line.planned, line.figures.value) for line in after
        ]
        total = progress.total_of(after).figures
        assert {key: count for key, count in total.items.items() if count} == pieces
        assert total.value == value
    assert [day for day, _figures in plain.days] == [day for day, _figures in by_items.days]
    assert {line.item.id: line.quantity for line in by_items.items if line.quantity} == pieces
    assert sum(line.value for line in by_items.items) == value


def test_items_are_worth_what_their_lots_were(scene):
    scene.log(event=scene.event, quantity=1)
    scene.log(event=scene.other_event, quantity=20, head_count=20)

    lines = {line.item.name: line for line in lines_of(read_handed_out(scene.campaign))}

    assert lines["Scarves"].quantity == 8
    assert lines["Scarves"].value == 8 * 555
    assert lines["Gloves"].quantity == 2 * 13


def test_handouts_beyond_the_books_count_as_the_version_says(scene):
    scene.log(event=scene.event, quantity=23, head_count=23, already_given=True)

    lines = {line.item.name: line.quantity for line in lines_of(read_handed_out(scene.campaign))}

    assert lines == {"Cups": 23, "Gloves": 46}


def test_a_package_without_a_list_stays_a_package(app):
    scene = set_the_scene(packages=0)
    hand_out(scene, package_of())
    receive(scene.warehouse, scene.package, 3)
    carry(scene.warehouse, scene.event, scene.package, 3)
    scene.log(quantity=2)

    [line] = lines_of(read_handed_out(scene.campaign))

    assert (line.item, line.quantity, line.value) == (scene.package, 2, 10_000)


def test_the_pages_show_the_items_in_few_queries(scene, client_for, count_queries):
    hand_out_at_random(scene, 1)
    db.session.add(
        Quota(
            campaign_id=scene.campaign.id,
            unit_id=scene.campaign.organizer_id,
            group_id=scene.couriers.id,
            planned=8,
        )
    )
    db.session.commit()
    client = client_for(staff(scene.campaign.organizer))
    path = f"/reports/campaigns/{scene.campaign.id}"
    for page in (path, f"{path}/overview"):
        client.get(page)
        with count_queries() as queries:
            answer = client.get(f"{page}?by_items=y")
        assert "Scarves" in answer.text
        assert "Count packages as packages" in answer.text
        assert len([statement for statement in queries if statement != "BEGIN"]) <= 12
        assert "Scarves" not in client.get(page).text


def test_the_files_have_the_figures_of_the_page(scene, client_for):
    hand_out_at_random(scene, 2)
    lines = {line.item.name: line for line in lines_of(read_handed_out(scene.campaign))}
    client = client_for(staff(scene.campaign.organizer))
    path = f"/reports/campaigns/{scene.campaign.id}/progress"

    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{path}.xlsx?by_items=y").data))
    of_items = [[cell.value for cell in row] for row in book["By item"].iter_rows(min_row=2)]
    assert {row[1]: (row[4], row[5]) for row in of_items} == {
        name: (line.quantity, line.value / 100) for name, line in lines.items()
    }
    groups = [[cell.value for cell in row] for row in book["By target group"].iter_rows()]
    assert groups[0][3:-1] == list(lines)
    assert groups[-1][3:-1] == [line.quantity for line in lines.values()]

    text = client.get(f"{path}.csv?by_items=y").data.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row[0] == "By item"]
    assert [row[1] for row in rows] == list(lines)
    assert "By item" not in client.get(f"{path}.csv").text
