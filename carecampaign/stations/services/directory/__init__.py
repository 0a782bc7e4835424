"""The directory from a table: what it would change, and doing so, all of it or nothing."""

from carecampaign.stations.services.directory.applying import apply_plan
from carecampaign.stations.services.directory.planning import Addition, Change, Plan, plan_import

__all__ = ["Addition", "Change", "Plan", "apply_plan", "plan_import"]
