"""What a campaign hands out, and from which money."""

import pytest
from sqlalchemy import select

from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns import services
from carecampaign.campaigns.models import BudgetLine, CampaignItem
from carecampaign.core.db import db
from tests.campaigns.plans import actor_of, draft, planner_of, stored
from tests.factories import (
    FundSourceFactory,
    ItemFactory,
    OrganizationFactory,
    PackageVersionFactory,
)


@pytest.fixture
def campaign(app):
    return draft(OrganizationFactory(parent=OrganizationFactory(name="City")))


@pytest.fixture
def version(campaign):
    return PackageVersionFactory()


@pytest.fixture
def gloves(campaign):
    return ItemFactory(name="手套")


@pytest.fixture
def source(campaign):
    return FundSourceFactory(organization=campaign.organizer, name="Own budget")


@pytest.fixture
def client(campaign, version, gloves, source, client_for):
    return client_for(planner_of(campaign.organizer))


def entries():
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


class TestGoods:
    @pytest.fixture
    def save(self, campaign, client):
        def send(revision=None, **values):
            current = stored(campaign.id).revision if revision is None else revision
            typed = {"package_version_id": "", "planned_packages": "0", "revision": current}
            return client.post(f"/campaigns/{campaign.id}/goods", data=typed | values)

        return send

    def test_a_package_and_single_items_are_planned(self, campaign, version, gloves, save, client):
        answer = save(
            **{
                "package_version_id": version.id,
                "planned_packages": "500",
                "items-0-item_id": gloves.id,
                "items-0-planned": "60",
                "items-1-item_id": "",
                "items-1-planned": "",
            }
        )

        assert answer.status_code == 302
        planned = stored(campaign.id)
        assert (planned.package_version, planned.planned_packages) == (version, 500)
        assert [(line.item, line.planned) for line in planned.items] == [(gloves, 60)]
        (entry,) = entries()
        assert entry.changes == {
            "package_version": [None, f"{version.package.name} · 1"],
            "planned_packages": [0, 500],
            "items": [[], ["手套: 60"]],
        }
        page = client.get(f"/campaigns/{campaign.id}").text
        assert f"{version.package.name}, version 1" in page
        assert "Handed out singly" in page
        form = client.get(f"/campaigns/{campaign.id}/goods").text
        assert 'value="60"' in form

    def test_only_the_newest_version_is_offered_and_the_one_in_use(
        self, campaign, version, client
    ):
        newer = PackageVersionFactory(package=version.package, number=2)
        retired = PackageVersionFactory()
        retired.package.is_active = False
        db.session.commit()
        url = f"/campaigns/{campaign.id}/goods"
        assert f'value="{newer.id}">' in client.get(url).text
        assert ", version 1<" not in client.get(url).text

        campaign.package_version = version
        db.session.commit()

        assert ", version 1<" in client.get(url).text

    def test_an_unlisted_rest_of_the_contents_is_said(self, campaign, version, client):
        version.is_exhaustive = False
        campaign.package_version = version
        db.session.commit()

        assert "and others" in client.get(f"/campaigns/{campaign.id}").text

    def test_saving_the_same_twice_changes_once(self, version, save):
        for _time in range(2):
            answer = save(revision=0, package_version_id=version.id, planned_packages="5")
            assert answer.status_code == 302
        assert len(entries()) == 1

    def test_the_package_can_be_taken_back(self, campaign, version, save):
        save(package_version_id=version.id, planned_packages="5")
        save()

        assert stored(campaign.id).package_version is None

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"planned_packages": ""}, "This field is required."),
            ({"planned_packages": "-1"}, "Number must be between"),
            ({"planned_packages": str(10**30)}, "Number must be between"),
            ({"planned_packages": "🧤"}, "Not a valid integer"),
            ({"planned_packages": "5"}, "Choose the care package that is planned"),
            ({"package_version_id": "99"}, "Not a valid choice"),
            ({"package_version_id": "x"}, "could not coerce"),
            ({"package_version_id": str(10**30)}, "could not coerce"),
            ({"items-0-planned": "5"}, "Choose the item."),
            ({"items-0-item_id": "99", "items-0-planned": "5"}, "Not a valid choice"),
            ({"items-0-item_id": "1"}, "Enter how many."),
            ({"items-0-item_id": "1", "items-0-planned": "0"}, "Number must be between"),
            ({"items-0-item_id": "1", "items-0-planned": str(10**30)}, "Number must be"),
            ({"items-0-item_id": "1", "items-0-planned": "x"}, "Not a valid integer"),
            ({"revision": "7"}, "Somebody else has changed this plan"),
        ],
    )
    def test_what_cannot_be_is_refused(self, save, gloves, version, values, message):
        items = {"items-0-item_id": gloves.id} if values.get("items-0-item_id") == "1" else {}
        if "revision" in values:
            values = {"package_version_id": version.id, "planned_packages": "5", **values}

        answer = save(**(values | items))

        assert answer.status_code == 422
        assert message in answer.text
        assert entries() == []

    def test_an_item_stands_on_one_line_only(self, gloves, save):
        line = {"item_id": gloves.id, "planned": "5"}
        twice = {f"items-{n}-{key}": value for n in range(2) for key, value in line.items()}

        answer = save(**twice)

        assert answer.status_code == 422
        assert "“手套” stands on two lines" in answer.text

    @pytest.mark.parametrize("key", ["items-²-planned", f"items-{10**30}-planned", "items-x-y"])
    def test_lines_numbered_oddly_are_left_out(self, save, key):
        assert save(**{key: "5"}).status_code == 302
        assert db.session.scalars(select(CampaignItem)).all() == []


class TestBudget:
    @pytest.fixture
    def save(self, campaign, client):
        def send(*lines, revision=None):
            current = stored(campaign.id).revision if revision is None else revision
            typed = {"revision": current}
            for number, (source_id, purpose, amount) in enumerate(lines):
                typed[f"lines-{number}-fund_source_id"] = source_id
                typed[f"lines-{number}-purpose"] = purpose
                typed[f"lines-{number}-amount"] = amount
            return client.post(f"/campaigns/{campaign.id}/budget", data=typed)

        return send

    def test_money_is_planned_by_purpose_and_source(self, campaign, source, save, client):
        city = campaign.organizer.parent
        grant = FundSourceFactory(organization=city, name="City grant")
        campaign.planned_packages = 100
        db.session.commit()

        answer = save(
            (source.id, "Goods", "43,200"), (grant.id, "Transport", "2400.50"), ("", "", "")
        )

        assert answer.status_code == 302
        lines = stored(campaign.id).budget_lines
        assert [(line.purpose, line.amount) for line in lines] == [
            ("Goods", 4_320_000),
            ("Transport", 240_050),
        ]
        page = client.get(f"/campaigns/{campaign.id}").text
        assert "¥45,600.50" in page
        assert "¥456.00" in page
        assert "Budget by fund source" in page

    def test_lines_that_stay_keep_their_identity(self, campaign, source, save):
        save((source.id, "Goods", "100"), (source.id, "Transport", "20"))
        kept, _dropped = stored(campaign.id).budget_lines

        save((source.id, "Goods", "100"), (source.id, "Transport", "30"))

        first, second = stored(campaign.id).budget_lines
        assert first.id == kept.id
        assert second.amount == 3000
        assert entries()[-1].changes == {
            "removed": ["Own budget · Transport · ¥20.00"],
            "added": ["Own budget · Transport · ¥30.00"],
        }

    def test_the_same_budget_sent_twice_is_saved_once(self, source, save):
        for _time in range(2):
            assert save((source.id, "Goods", "100"), revision=0).status_code == 302
        assert len(entries()) == 1

    def test_the_form_shows_the_lines_and_room_for_more(self, campaign, source, save, client):
        save((source.id, "Goods", "100"))

        form = client.get(f"/campaigns/{campaign.id}/budget").text

        assert 'value="Goods"' in form
        assert 'value="100.00"' in form
        assert 'name="lines-3-purpose"' in form

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            (("own", "", "5"), "Enter what the money is for."),
            (("own", "Goods", ""), "Enter the amount."),
            (("", "Goods", "5"), "Choose the fund source."),
            (("own", "Goods", "-5"), "Enter an amount in yuan"),
            (("own", "Goods", str(10**30)), "Enter an amount in yuan"),
            (("own", "Goods", "🧧"), "Enter an amount in yuan"),
            (("own", "x" * 101, "5"), "cannot be longer than 100"),
            (("own", "\0", "5"), "Enter what the money is for."),
            (("99", "Goods", "5"), "Not a valid choice"),
            ((str(10**30), "Goods", "5"), "could not coerce"),
            (("x", "Goods", "5"), "could not coerce"),
        ],
    )
    def test_what_cannot_be_is_refused_and_the_other_lines_are_kept(
        self, source, save, line, message
    ):
        source_id, purpose, amount = line
        typed = source.id if source_id == "own" else source_id

        answer = save((source.id, "Kept line", "7"), (typed, purpose, amount))

        assert answer.status_code == 422
        assert message in answer.text
        assert 'value="Kept line"' in answer.text
        assert db.session.scalars(select(BudgetLine)).all() == []

    def test_the_same_purpose_and_source_stand_on_one_line(self, source, save):
        answer = save((source.id, "Goods", "5"), (source.id, "goods", "6"))

        assert answer.status_code == 422
        assert "stands twice with the same fund source" in answer.text

    def test_an_older_budget_does_not_overwrite_a_newer_one(self, source, save):
        save((source.id, "Goods", "5"), revision=0)

        answer = save((source.id, "Goods", "9"), revision=0)

        assert answer.status_code == 422
        assert "Somebody else has changed this plan" in answer.text

    def test_strangers_sources_cannot_be_drawn_on(self, campaign, save):
        stranger = FundSourceFactory()
        db.session.commit()

        assert save((stranger.id, "Goods", "5")).status_code == 422
        spending = services.Spending(fund_source=stranger, purpose="Goods", amount=5)
        with pytest.raises(services.SourceNotUsable):
            services.set_budget(campaign, [spending], by=actor_of(planner_of(campaign.organizer)))

    def test_a_retired_source_stays_on_the_lines_that_have_it(self, source, save):
        save((source.id, "Goods", "5"))
        source.is_active = False
        db.session.commit()

        assert save((source.id, "Goods", "6")).status_code == 302
