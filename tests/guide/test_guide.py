"""The guide is there in both languages, and every page of the system leads to its part."""

import re

import pytest

from carecampaign.core.i18n import LANGUAGES
from carecampaign.guide.pages import GUIDE, read_page
from carecampaign.guide.topics import NAMES, TOPICS, topic_for
from tests.factories import UserFactory

ENTRANCES = {"api", "core", "guide", "jobs", "metrics", "static"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_written_in_both_languages(name, language):
    page = read_page(name, language)

    assert page.title
    assert "<p>" in page.html or "<ul>" in page.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_of_the_guide_is_there(language):
    for name in NAMES:
        for image in re.findall(
            r"]\((images/[^)]+)\)", (GUIDE / language / f"{name}.md").read_text()
        ):
            assert (GUIDE / language / image).is_file(), image


def test_both_languages_tell_the_same_parts():
    files = [{path.stem for path in (GUIDE / language).glob("*.md")} for language in LANGUAGES]

    assert files == [set(NAMES)] * len(LANGUAGES)


def test_every_area_is_explained_somewhere(app):
    areas = {endpoint.partition(".")[0] for endpoint in app.view_functions} - ENTRANCES

    assert [area for area in areas if topic_for(f"{area}.anything") is None] == []


def test_the_part_that_names_a_page_most_exactly_explains_it():
    assert topic_for("distributions.log").name == "log"
    assert topic_for("distributions.close").name == "events"
    assert topic_for("core.healthz") is None


def test_a_page_leads_to_its_part_of_the_guide(client_for):
    client = client_for(UserFactory())

    assert "/guide/campaigns" in client.get("/campaigns").text
    page = client.get("/guide/campaigns")
    assert page.status_code == 200
    for topic in TOPICS:
        assert f"/guide/{topic.name}" in page.text


def test_strangers_may_read_the_guide_but_nothing_beside_it(client_for):
    client = client_for(None)

    assert client.get("/guide").status_code == 200
    assert client.get("/guide/start").status_code == 200
    for path in ("/guide/nothing", "/guide/images/../start.md", "/guide/images/none.png"):
        assert client.get(path).status_code == 404
