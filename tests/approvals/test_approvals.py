"""One asks, another decides, once."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.approvals import queries, services
from carecampaign.approvals.models import Decision
from tests.factories import OrganizationFactory
from tests.inventory.people import somebody


@pytest.fixture
def subject(app):
    """Anything that can be asked about."""
    return OrganizationFactory()


@pytest.fixture
def preparer(subject):
    return somebody(subject)


@pytest.fixture
def approver(subject):
    return somebody(subject, Role.APPROVER)


def decision_about(subject):
    (request,) = queries.requests_about(subject)
    return request.decision, request.comment


def test_another_person_approves(subject, preparer, approver):
    services.ask(subject, by=preparer)

    services.approve(subject, comment="Fine", by=approver)

    assert decision_about(subject) == (Decision.APPROVED, "Fine")
    (request,) = queries.requests_about(subject)
    assert (request.asked_by.id, request.decided_by.id) == (preparer.id, approver.id)
    assert request.decided_at is not None


def test_another_person_refuses(subject, preparer, approver):
    services.ask(subject, by=preparer)

    services.refuse(subject, comment="Count again", by=approver)

    assert decision_about(subject) == (Decision.REFUSED, "Count again")


@pytest.mark.parametrize("decide", [services.approve, services.refuse])
def test_whoever_prepared_it_does_not_decide(subject, preparer, decide):
    services.ask(subject, by=preparer)

    with pytest.raises(services.PreparerMayNotDecide):
        decide(subject, comment="", by=preparer)

    assert decision_about(subject) == (Decision.WAITING, "")


def test_nor_does_whoever_helped_to_prepare_it(subject, preparer, approver):
    services.ask(subject, by=preparer)

    with pytest.raises(services.PreparerMayNotDecide):
        services.approve(subject, by=approver, also_prepared_by=[approver.id])


def test_a_second_decision_is_told(subject, preparer, approver):
    services.ask(subject, by=preparer)
    services.approve(subject, by=approver)

    with pytest.raises(services.AlreadyDecided):
        services.refuse(subject, comment="Too late", by=approver)


def test_what_is_taken_back_is_not_decided(subject, preparer, approver):
    services.ask(subject, by=preparer)
    services.withdraw(subject, by=preparer)

    with pytest.raises(services.AlreadyDecided):
        services.approve(subject, by=approver)


def test_after_a_refusal_it_can_be_asked_again(subject, preparer, approver):
    services.ask(subject, by=preparer)
    services.refuse(subject, comment="No", by=approver)

    services.ask(subject, by=preparer)
    services.approve(subject, by=approver)

    latest, first = queries.requests_about(subject)
    assert (latest.decision, first.decision) == (Decision.APPROVED, Decision.REFUSED)


def test_only_an_open_question_of_somebody_else_may_be_decided(subject, preparer, approver):
    assert not queries.may_decide(approver, queries.find_open_request(subject))

    request = services.ask(subject, by=preparer)

    assert queries.may_decide(approver, request)
    assert not queries.may_decide(preparer, request)


def test_questions_about_other_subjects_stay_open(subject, preparer, approver):
    other = OrganizationFactory()
    services.ask(other, by=preparer)
    services.ask(subject, by=preparer)

    services.approve(subject, by=approver)

    assert decision_about(other) == (Decision.WAITING, "")
