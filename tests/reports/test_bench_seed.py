"""The data that the benchmark of the pages is made from adds up like any other."""

from bench.campaign import seed_handouts
from bench.pages import PAGES
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.distributions.models import Handout
from carecampaign.inventory.services.verification import verify_everything
from carecampaign.reports.queries import progress


def test_a_thousand_seeded_handouts_add_up(app):
    seeded = seed_handouts(app, 1_000)

    campaign = db.session.get_one(Campaign, seeded.campaign_id)
    totals = progress.campaign_totals(campaign, progress.by_day(campaign))
    assert db.session.query(Handout).count() == totals.figures.packages == 1_000
    assert totals.persons == 100
    assert verify_everything() == []
    assert len(PAGES) == 4
