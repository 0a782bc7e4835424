"""Pages of the stations."""

from carecampaign.stations.views import codes, directory, levels, lists, pages, people, photos
from carecampaign.stations.views.blueprint import blueprint

__all__ = ["blueprint", "codes", "directory", "levels", "lists", "pages", "people", "photos"]
