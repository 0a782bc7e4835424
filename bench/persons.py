"""Finding persons in a register of a million: by name, pinyin, initials and the last four."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import insert

from bench.pages import gather_statistics, signed_in
from bench.seed import seed
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.app import create_app
from carecampaign.beneficiaries.keys import search_keys
from carecampaign.beneficiaries.models import Occupation, Person
from carecampaign.beneficiaries.spelling import spell
from carecampaign.core import clock, settings
from carecampaign.core.db import db, transaction
from carecampaign.organizations.models import Organization, OrganizationKind

PERSONS = 1_000_000
UNITS = 20
EMPLOYERS = 400
CHUNK = 10_000
REQUESTS = 15
WARM_UP = 3
MOST_MILLISECONDS = 100
SEED = 20_261_124
SECRETS = {"SECRET_KEY": "bench", "DATA_KEY": "bench"}
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡单仇翟区"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国文华玉红春梅海金龙辉鑫波斌宇浩凯健俊帆雪荣"
    "爱淑珍凤琴云莲香月莺媛瑞凡佳嘉琼勤贞莉艺晶欣逸志义兴良山仁宁贵福生元全胜学祥才发武新利清飞彬富顺"
)


def _name(rng: random.Random) -> str:
    """Make a name as they are in life: few surnames, many given names."""
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))


Making = Callable[[random.Random], str]
SEARCHES: dict[str, Making] = {
    "a surname": lambda rng: rng.choice(SURNAMES),
    "a surname in pinyin": lambda rng: spell(rng.choice(SURNAMES)).pinyin,
    "a whole name": _name,
    "a given name": lambda rng: _name(rng)[1:],
    "a name in pinyin": lambda rng: spell(_name(rng)).pinyin,
    "initials": lambda rng: spell(_name(rng)).initials,
    "last four": lambda rng: f"{rng.randrange(10_000):04d}",
    "an employer": lambda rng: f"平台第{rng.randrange(EMPLOYERS)}站",
}


class Finding(NamedTuple):
    """One way to ask: the median of its times, in milliseconds."""

    name: str
    milliseconds: float


def measure(url: str, number: int = PERSONS) -> list[Finding]:
    """Fill the empty database at this URL, and time each search on each page that has one.

    Each request looks for somebody else, as people do.
    """
    app = create_app(settings.from_environment({**SECRETS, "DATABASE_URL": url}))
    seeded = seed(app)
    with app.app_context():
        with transaction():
            planner = _fill(number)
        engine = db.engine
        db.session.remove()
    gather_statistics(engine)
    event = f"/events/{seeded.event_ids[0]}/persons?item={seeded.item_id}&name="
    pages = (
        ("register", signed_in(app, planner), "/persons?text="),
        ("event", signed_in(app, seeded.session_user), event),
    )
    findings = [
        Finding(f"{page}, {name}", _median(client, path, making))
        for page, client, path in pages
        for name, making in SEARCHES.items()
    ]
    engine.dispose()
    return findings


def _fill(number: int) -> str:
    """Keep so many persons in units below the union; give the planner's session user."""
    union = db.session.query(Organization).one()
    units = []
    for n in range(UNITS):
        unit = Organization(
            name=f"第{n}工会",
            short_name=f"第{n}",
            kind=OrganizationKind.GRASSROOTS,
            path="",
            parent=union,
        )
        db.session.add(unit)
        db.session.flush()
        unit.path = f"{union.path}{unit.id}/"
        units.append(unit.id)
    occupation = Occupation(code="E1", name="快递员", name_en="Courier")
    planner = User(
        username="planner", name="Planner", session_key="bench", password_hash=None,
        phone=None, email=None, grants=[RoleGrant(role=Role.PLANNER, organization=union)],
    )  # fmt: skip
    db.session.add_all([occupation, planner])
    db.session.flush()
    rows = _rows(number, units, occupation.id)
    while chunk := list(islice(rows, CHUNK)):
        db.session.execute(insert(Person), chunk)
    return f"{planner.id}.{planner.session_key}"


def _rows(number: int, units: list[int], occupation_id: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(SEED)
    written_at = clock.now()
    names = {name: search_keys(name=name) for name in _names(rng)}
    employers = [f"平台第{n}站" for n in range(EMPLOYERS)]
    of_employers = {name: search_keys(employer=name) for name in employers}
    chosen = list(names)
    for n in range(number):
        name, employer = rng.choice(chosen), rng.choice(employers)
        phone = f"13{n % 10**9:09d}"
        yield {
            "name": name,
            "occupation_id": occupation_id,
            "organization_id": units[n % UNITS],
            "employer": employer,
            "phone": phone,
            "created_at": written_at,
            **names[name],
            **of_employers[employer],
            **search_keys(phone=phone),
        }


def _names(rng: random.Random) -> set[str]:
    return {_name(rng) for _draw in range(200_000)}


def _median(client: FlaskClient, path: str, making: Making) -> float:
    rng = random.Random(SEED)
    times = []
    for _request in range(WARM_UP + REQUESTS):
        asked = path + making(rng)
        began = time.perf_counter()
        answer = client.get(asked)
        times.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise SystemExit(f"{asked} answers {answer.status_code}")
    return statistics.median(times[WARM_UP:]) * 1000
