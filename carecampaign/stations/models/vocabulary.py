"""Closed lists of the stations' words (DOMAIN.md section 2)."""

from carecampaign.core.i18n import Labelled, _l


class HostKind(Labelled):
    BANK = "bank", _l("Bank branch")
    INSURANCE = "insurance", _l("Insurance branch")
    PARTY_CENTRE = "party_centre", _l("Party-service centre")
    COMMUNITY = "community", _l("Community")
    COMPANY = "company", _l("Company")
    PETROL = "petrol", _l("Petrol station")
    POST = "post", _l("Post office")
    PHARMACY = "pharmacy", _l("Pharmacy")
    PARK = "park", _l("Park")
    UNION = "union", _l("Union's own premises")
    OTHER = "other", _l("Other place")


class StationStatus(Labelled):
    PLANNED = "planned", _l("Being set up"), "info"
    OPEN = "open", _l("Open"), "success"
    CLOSED = "closed", _l("Temporarily closed"), "warning"
    DELISTED = "delisted", _l("Delisted"), "secondary"


class StationType(Labelled):
    """Standard stations have at least 5 m² of use, micro stations less; mobile ones drive."""

    STANDARD = "standard", _l("Standard station")
    MICRO = "micro", _l("Micro station")
    MOBILE = "mobile", _l("Mobile station")


class BuildMode(Labelled):
    """Who built a station."""

    SELF_BUILT = "self_built", _l("Built by the union")
    GOVERNMENT = "government", _l("Built by the government")
    SOCIAL = "social", _l("Built with help from society")
    CO_BUILT = "co_built", _l("Built together")


class Feature(Labelled):
    """What a station offers: facilities, and after them services."""

    HOT_WATER = "hot_water", _l("Hot drinking water")
    MICROWAVE = "microwave", _l("Microwave oven")
    FRIDGE = "fridge", _l("Refrigerator")
    CHARGING = "charging", _l("Phone charging")
    SEATS = "seats", _l("Tables and seats")
    AIR_CONDITIONING = "air_conditioning", _l("Heating and air conditioning")
    TOILET = "toilet", _l("Toilet")
    MEDICINE_BOX = "medicine_box", _l("Medicine box")
    DEFIBRILLATOR = "defibrillator", _l("Defibrillator (AED)")
    UMBRELLA = "umbrella", _l("Umbrellas")
    TOOLS = "tools", _l("Tool box")
    TYRE_PUMP = "tyre_pump", _l("Tyre pump")
    SEWING_KIT = "sewing_kit", _l("Sewing kit")
    READING_GLASSES = "reading_glasses", _l("Reading glasses")
    WALKING_AIDS = "walking_aids", _l("Wheelchair and crutches")
    WIFI = "wifi", _l("Wi-Fi")
    READING = "reading", _l("Books and newspapers")
    LEGAL_ADVICE = "legal_advice", _l("Legal advice")
    UNION_JOINING = "union_joining", _l("Joining the union by code")
    BATTERY_SWAP = "battery_swap", _l("Battery swapping")
    HAIRCUT = "haircut", _l("Haircuts")
    HEALTH_CHECK = "health_check", _l("Health checks")
    JOB_INFORMATION = "job_information", _l("Job information")
    GOODS_SHARING = "goods_sharing", _l("Sharing of used goods")
    VOLUNTEERING = "volunteering", _l("Help from volunteers")

    @property
    def is_service(self) -> bool:
        """Say whether somebody does it for people; else it is a thing that stands there."""
        return self in SERVICES


SERVICES = tuple(Feature)[tuple(Feature).index(Feature.LEGAL_ADVICE) :]
FACILITIES = tuple(Feature)[: -len(SERVICES)]


class MapService(Labelled):
    """Maps on which people look for a station (地图可查)."""

    AMAP = "amap", _l("Amap")
    BAIDU = "baidu", _l("Baidu Maps")
    UNION_12351 = "union_12351", _l("12351 app of the union")


class AwardLevel(Labelled):
    """Who named a station a Most Beautiful Station (最美驿站)."""

    NATIONAL = "national", _l("National")
    CITY = "city", _l("Municipal")
    DISTRICT = "district", _l("District level")


class PhotoKind(Labelled):
    OUTSIDE = "outside", _l("Outside")
    INSIDE = "inside", _l("Inside")
    SIGN = "sign", _l("Sign")
