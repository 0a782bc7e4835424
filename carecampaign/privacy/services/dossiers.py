"""Give people what is kept of them, and note that it was given."""

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.models import Person
from carecampaign.privacy.queries.dossiers import Section, sections_about


def export_person(person: Person, *, reason: str, by: Actor) -> list[Section]:
    """Give all that is kept of a person; the log says who took it out, and why."""
    sections = sections_about(person)
    audit.record(
        "privacy.export_person",
        person,
        by=by,
        name=f"№ {person.id}",
        path=person.organization.path,
        changes={"reason": reason},
    )
    return sections
