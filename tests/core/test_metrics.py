"""Figures for Prometheus: there where they are asked for, nowhere else."""

import pytest

from carecampaign.app import create_app
from tests.conftest import settings


@pytest.fixture
def measured(database_url, tmp_path):
    return create_app(settings(database_url, tmp_path) | {"METRICS": True}).test_client()


def test_nothing_is_told_unless_asked_for(client_for):
    assert client_for(None).get("/metrics").status_code == 404


def test_answers_are_counted_by_endpoint_and_paths_of_nobody_together(measured):
    measured.get("/healthz")
    for path in ("/nowhere", "/elsewhere"):
        measured.get(path)

    text = measured.get("/metrics").text

    healthy = 'carecampaign_requests_total{endpoint="core.healthz",method="GET",status="200"}'
    assert f"{healthy} 1.0" in text
    assert 'endpoint="none",method="GET",status="404"} 2.0' in text
    assert 'carecampaign_request_seconds_count{endpoint="core.healthz"} 1.0' in text
    assert "nowhere" not in text
