"""Importing a roster of a hundred thousand rows, beside reading the file and a raw bulk insert."""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from flask import Flask
from flask_migrate import upgrade
from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from bench.persons import GIVEN, SECRETS, SURNAMES
from carecampaign.access.actor import SYSTEM
from carecampaign.app import create_app
from carecampaign.beneficiaries.models import Occupation, Person
from carecampaign.beneficiaries.roster import make_entry
from carecampaign.core import clock, settings
from carecampaign.core.db import db, transaction
from carecampaign.core.imports import StagedRow
from carecampaign.organizations import services as organizations
from carecampaign.organizations.models import OrganizationKind

ROWS = 100_000
MOST_RATIO = 3.0
MOST_MEGABYTES = 300
EMPLOYERS = 400
REGIONS = ("110101", "110102", "110105", "110106", "110108", "110109", "310101", "310104")
HEADINGS = ("姓名", "工种", "单位/平台", "手机号", "身份证号")
KEYS = ("name", "occupation", "employer", "phone", "id_number")
SEED = 20_261_124


class Importing(NamedTuple):
    """Seconds of the bare way and of ours, and the memory ours had at most (MiB, all of it)."""

    reading: float
    inserting: float
    ours: float
    megabytes: float

    @property
    def ratio(self) -> float:
        return self.ours / (self.reading + self.inserting)

    @property
    def is_good(self) -> bool:
        return self.ratio <= MOST_RATIO and self.megabytes <= MOST_MEGABYTES


def measure(url: str, number: int = ROWS) -> Importing:
    """Import so many rows the bare way into the empty database, then ours, after it is empty."""
    with tempfile.TemporaryDirectory(prefix="carecampaign-bench-") as folder:
        file = Path(folder) / "roster.xlsx"
        _write(file, number)
        reading, inserting = _in_a_process("bare", url, file)
        ours, megabytes = _in_a_process("ours", url, file)
    return Importing(reading, inserting, ours, megabytes)


def _in_a_process(way: str, url: str, file: Path) -> list[float]:
    """Measure in a process of its own, whose memory nothing else has used."""
    command = [sys.executable, "-m", "bench.imports", way, str(file)]
    environment = os.environ | SECRETS | {"DATABASE_URL": url}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    figures: list[float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _write(file: Path, number: int) -> None:
    rng = random.Random(SEED)
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for n in range(number):
            page.write_row(n + 1, 0, _row(rng, n))


def _row(rng: random.Random, n: int) -> tuple[str, ...]:
    name = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))
    born = f"{1985 + n % 20}{1 + n // 20 % 12:02d}{1 + n // 240 % 28:02d}"
    beginning = f"{rng.choice(REGIONS)}{born}{n // 6720:03d}"
    id_number = beginning + ric.calc_check_digit(beginning + "0")
    return name, "快递员", f"平台第{rng.randrange(EMPLOYERS)}站", f"13{n:09d}", id_number


def _bare(app: Flask, file: Path) -> tuple[float, float]:
    """Read with the parser alone, and insert finished rows in one call of the driver."""
    began = time.perf_counter()
    table = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    reading = time.perf_counter() - began
    with app.app_context():
        upgrade()
        with transaction():
            organization_id, occupation_id = _seed()
        fixed = {
            "organization_id": organization_id,
            "occupation_id": occupation_id,
            "household_key": "",
            "is_synthetic": False,
            "created_at": str(clock.now()),
        }
        rows = [fixed | _finished(row) for row in table[1:]]
        began = time.perf_counter()
        with transaction():
            _insert(rows)
        inserting = time.perf_counter() - began
        with transaction():
            db.session.query(Person).delete()
    return reading, inserting


def _seed() -> tuple[int, int]:
    union = organizations.create_organization(
        "Union", short_name="Union", kind=OrganizationKind.DISTRICT, parent=None, by=SYSTEM
    )
    occupation = Occupation(code="E1", name="快递员", name_en="Courier")
    db.session.add(occupation)
    db.session.flush()
    return union.id, occupation.id


def _finished(row: Sequence[Any]) -> dict[str, Any]:
    values = dict(zip(KEYS, row, strict=True))
    del values["occupation"]
    made = make_entry(StagedRow(0, (), {}, values), to_keep=True).made
    return {"name": values["name"], "employer": values["employer"], **made}


def _insert(rows: Sequence[dict[str, Any]]) -> None:
    columns = list(rows[0])
    is_postgresql = db.engine.dialect.name == "postgresql"
    marks = ", ".join(["%s" if is_postgresql else "?"] * len(columns))
    sql = f"INSERT INTO person ({', '.join(columns)}) VALUES ({marks})"
    driver: Any = db.session.connection().connection.driver_connection
    driver.cursor().executemany(sql, [tuple(row[name] for name in columns) for row in rows])


def _ours(app: Flask, file: Path) -> tuple[float, float]:
    """Import as the command does."""
    began = time.perf_counter()
    result = app.test_cli_runner().invoke(args=["beneficiaries", "import", str(file)])
    seconds = time.perf_counter() - began
    if result.exit_code:
        sys.exit(result.output[-500:])
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _main(way: str, file: str) -> None:
    app = create_app(settings.from_environment(os.environ))
    print(json.dumps(WAYS[way](app, Path(file))))


WAYS = {"bare": _bare, "ours": _ours}

if __name__ == "__main__":
    _main(*sys.argv[1:])
