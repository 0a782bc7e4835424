"""The master taxonomy of DOMAIN.md section 4: each occupation once, with the groups it is in.

Groups E (new-employment-form) and F (outdoor) overlap: a courier is in both. Groups that are
no occupations (hardship, model workers) are not here; a campaign maps its own target groups.
"""

from typing import NamedTuple


class GroupEntry(NamedTuple):
    """A group as it is installed."""

    code: str
    name: str
    name_en: str


class OccupationEntry(NamedTuple):
    """An occupation as it is installed; ``groups`` holds the codes of its groups."""

    code: str
    name: str
    name_en: str
    groups: str


GROUPS = (
    GroupEntry("C", "一线职工", "Front-line workers"),
    GroupEntry("E", "新就业形态劳动者", "New-employment-form workers"),
    GroupEntry("F", "户外劳动者", "Outdoor workers"),
    GroupEntry("H", "志愿者", "Volunteers"),
)

OCCUPATIONS = (
    OccupationEntry("C1", "艰苦岗位职工", "Worker in arduous conditions", "C"),
    OccupationEntry("C2", "重点工程建设者", "Worker on a key project", "C"),
    OccupationEntry("C3", "节日坚守岗位职工", "Worker on duty over the holidays", "C"),
    OccupationEntry("C4", "抗灾一线人员", "Disaster-relief worker", "C"),
    OccupationEntry("C5", "派驻挂职人员", "Worker on secondment", "C"),
    OccupationEntry("C6", "一线银行职工", "Bank front-line staff", "C"),
    OccupationEntry("C7", "一线保险职工", "Insurance front-line staff", "C"),
    OccupationEntry("C8", "供电供热职工", "Power or heating supply worker", "C"),
    OccupationEntry("C9", "交通运输职工", "Transport worker", "C"),
    OccupationEntry("C10", "医护人员", "Medical worker", "C"),
    OccupationEntry("C11", "消防救援人员", "Firefighter", "C"),
    OccupationEntry("E1", "快递员", "Courier", "EF"),
    OccupationEntry("E2", "外卖配送员", "Delivery rider", "EF"),
    OccupationEntry("E3", "网约车司机", "Ride-hailing driver", "EF"),
    OccupationEntry("E4", "货车司机", "Truck driver", "EF"),
    OccupationEntry("E5", "代驾员", "Stand-in driver", "EF"),
    OccupationEntry("E6", "家政服务员", "Domestic worker", "E"),
    OccupationEntry("E7", "护理员", "Care worker", "E"),
    OccupationEntry("E8", "房产中介员", "Estate agent", "E"),
    OccupationEntry("E9", "保安员", "Security guard", "E"),
    OccupationEntry("E10", "商场信息员", "Shopping-centre information clerk", "E"),
    OccupationEntry("E11", "网络主播", "Live streamer", "E"),
    OccupationEntry("F1", "环卫工人", "Sanitation worker", "CF"),
    OccupationEntry("F2", "交警/辅警", "Traffic police officer or auxiliary", "CF"),
    OccupationEntry("F3", "交通协管员", "Traffic assistant", "F"),
    OccupationEntry("F4", "园林绿化工人", "Gardener", "F"),
    OccupationEntry("F5", "建筑工人", "Construction worker", "F"),
    OccupationEntry("F6", "公共文明引导员", "Civility guide", "FH"),
    OccupationEntry("F7", "出租车/公交车司机", "Taxi or bus driver", "CF"),
    OccupationEntry("F8", "城管队员", "Urban-management officer", "F"),
    OccupationEntry("F9", "市政/架线/环境监测人员", "Municipal, line or monitoring worker", "F"),
    OccupationEntry("F10", "其他户外劳动者", "Other outdoor worker", "F"),
    OccupationEntry("H1", "志愿者", "Volunteer", "H"),
)
