"""A static file may be kept for long, because its address changes with its content."""

from pathlib import Path

import pytest

STYLE = "css/app.css"


@pytest.fixture
def client(app):
    return app.test_client()


def address(app, filename):
    with app.test_request_context():
        return app.url_for("static", filename=filename)


def test_a_file_named_by_a_page_is_kept_for_a_year(app, client):
    assert f'href="{address(app, STYLE)}"' in client.get("/sign-in").text

    with client.get(address(app, STYLE)) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_its_address_changes_with_its_content(app, tmp_path):
    app.static_folder = str(tmp_path)
    file = Path(tmp_path, "x.css")
    addresses = set()
    for text in ("a", "b"):
        file.write_text(text)
        addresses.add(address(app, "x.css"))

    assert len(addresses) == 2
    assert all("?v=" in each for each in addresses)


def test_asked_for_without_version_it_is_asked_for_again(client):
    with client.get(f"/static/{STYLE}") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_that_is_not_there_has_no_version_and_is_not_remembered(app, client):
    assert address(app, "no-such.css") == "/static/no-such.css"

    assert "max-age" not in client.get("/static/no-such.css?v=1").headers["Cache-Control"]
