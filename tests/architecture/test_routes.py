"""Rules that hold for every route, new ones included."""

from pathlib import Path

from carecampaign.access.gate import requirement_of

TABLE = Path(__file__).parent / "routes.txt"
"""Who may enter each view: an endpoint and a permission (or public, signed-in) a line.

A new view gets its line here by hand, so that opening a door is a change somebody reads.
"""

PUBLIC = {
    "accounts.accept_invitation",
    "accounts.sign_in",
    "api.openapi",
    "api.sync",
    "core.healthz",
    "core.set_language",
    "field.app",
    "field.events",
    "field.join",
    "field.leave",
    "field.manifest",
    "field.scanned",
    "field.service_worker",
    "field.working_set",
    "guide.image",
    "guide.index",
    "guide.show",
    "jobs.readyz",
    "public.as_csv",
    "public.as_geojson",
    "public.finder",
    "public.photo",
    "public.station",
    "static",
}


def test_every_view_lets_in_whom_the_table_says(app):
    table = dict(line.split() for line in TABLE.read_text().splitlines())
    views = {name: str(requirement_of(view)) for name, view in app.view_functions.items()}

    assert views == table


def test_few_doors_stand_open_to_everybody(app):
    found = {name for name, view in app.view_functions.items() if requirement_of(view) == "public"}

    assert found == PUBLIC


def test_urls_are_kebab_case(app):
    for rule in app.url_map.iter_rules():
        fixed_parts = [part for part in rule.rule.split("/") if "<" not in part]
        assert all(part == part.lower() and "_" not in part for part in fixed_parts), rule.rule


def test_ids_in_urls_are_typed_and_bounded(app):
    for rule in app.url_map.iter_rules():
        for argument, converter in rule._converters.items():  # noqa: SLF001 - no public way
            kind = type(converter).__name__
            if argument.endswith("_id"):
                assert kind in {"IdConverter", "UUIDConverter"}, rule.rule
            elif argument == "token":
                assert "length=" in rule.rule, rule.rule
            else:
                assert kind in {"AnyConverter", "PathConverter"}, rule.rule


def test_pages_are_fetched_by_get_and_changes_sent_by_post(app):
    for rule in app.url_map.iter_rules():
        assert rule.methods - {"HEAD", "OPTIONS"} <= {"GET", "POST"}, rule.rule


def test_no_url_ends_with_a_slash_but_the_start_and_what_a_service_worker_is_for(app):
    ending = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("/")}

    assert ending == {"/", "/v/"}
