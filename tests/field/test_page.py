"""The volunteer's page: kept by the phone, light, and about nobody."""

import gzip
import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from carecampaign.core import clock
from carecampaign.core.db import db

MOST_BYTES = 150_000
"""Compressed, all of the first load (issue of the volunteer's phone)."""


def test_the_page_opens_for_everybody_and_names_nobody(app, scene):
    page = app.test_client().get("/v/")

    assert page.status_code == 200
    assert scene.event.place not in page.text


def fetched(client, url: str) -> bytes:
    """Fetch something that is there."""
    with client.get(url) as answer:
        assert answer.status_code == 200, url
        return answer.data


def files_of(worker: str) -> list[str]:
    return json.loads(re.search(r"const FILES = (\[.*?\]);", worker)[1])


def later_of(worker: str) -> set[str]:
    return set(json.loads(re.search(r"const LATER = (\[.*?\]);", worker)[1]))


def test_the_service_worker_keeps_all_the_page_loads(app):
    client = app.test_client()
    worker = client.get("/v/sw.js")
    files = files_of(worker.text)

    assert (worker.mimetype, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    contents = {url: fetched(client, url) for url in files}
    named = set(re.findall(r'(?:src|href)="(/[^"]+)"', contents["/v/"].decode()))
    loaded = {url for url in named if url.startswith("/static/")}
    assert loaded <= set(files)
    modules = {
        urljoin(f"/static/field/{path.name}", name)
        for path in Path(app.static_folder, "field").glob("*.js")
        for name in re.findall(r'(?:from|import) ?\(?"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert modules - set(files) <= later_of(worker.text)


def test_the_first_load_is_light(app):
    client = app.test_client()
    files = files_of(client.get("/v/sw.js").text)
    size = sum(len(gzip.compress(fetched(client, url))) for url in [*files, "/v/sw.js"])

    assert size <= MOST_BYTES


def test_a_changed_page_is_a_new_version(app, client_for):
    chinese, english = (
        client_for(None, language).get("/v/sw.js").text for language in ("zh", "en")
    )

    assert chinese != english
    assert chinese == client_for(None, "zh").get("/v/sw.js").text


def test_it_can_be_installed(app):
    client = app.test_client()
    says = client.get("/v/manifest.webmanifest").json

    assert (says["start_url"], says["scope"], says["display"]) == ("/v/", "/v/", "standalone")
    assert all(fetched(client, icon["src"]) for icon in says["icons"])


def test_all_of_an_event_in_few_queries(scene, phone, count_queries):
    scene.log(quantity=2, head_count=2)
    db.session.commit()

    with count_queries() as sent:
        answer = phone.get(f"/v/events/{scene.event.id}.json").json

    assert len(sent) <= 12
    assert answer["things"] == [
        {
            "item_id": scene.package.id,
            "name": scene.package.name,
            "unit": scene.package.unit,
            "on_hand": 8,
            "is_package": True,
        }
    ]
    assert answer["count"] == {"person_times": 2, "by_group": {str(scene.couriers.id): 2}}
    assert [group["id"] for group in answer["groups"]] == [scene.couriers.id, scene.riders.id]
    assert answer["epoch"] == "0"
    assert answer["people"] == []


@pytest.mark.parametrize("days", [0, 1])
def test_who_is_signed_in_finds_the_events_around_today(scene, client_for, days):
    scene.event.held_on = clock.today()
    client = client_for(scene.volunteer)

    events = client.get("/v/events").json["events"]

    assert [event["id"] for event in events] == [scene.event.id]
    assert client.get(f"/v/events/{scene.event.id}.json").status_code == 200
