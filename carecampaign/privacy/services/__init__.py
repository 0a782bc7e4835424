"""The verbs that reach into every area: merge two entries of one person, give out, erase."""

from carecampaign.privacy.services.dossiers import export_person
from carecampaign.privacy.services.erasure import erase_person
from carecampaign.privacy.services.merging import merge

__all__ = ["erase_person", "export_person", "merge"]
