"""Rosters for tests, and the way they are sent in on screen."""

import io

from sqlalchemy import select

from carecampaign.beneficiaries.models import Person
from carecampaign.core.db import db
from carecampaign.core.sheets import Sheet, to_xlsx

HEADINGS = ["姓名", "工种", "单位/平台", "手机号", "身份证号"]
PHONE, ID = "13800131234", "11010519491231002X"


def table(*rows, headings=HEADINGS) -> bytes:
    return to_xlsx(Sheet("t", headings, rows))


def a_row(name="张小三", employer="韵达快递", phone="", id_number="") -> list[str]:
    return [name, "快递员", employer, phone, id_number]


def send(client, organization, content: bytes, filename="名册.xlsx"):
    return client.post(
        "/persons/import",
        data={"organization_id": organization.id, "file": (io.BytesIO(content), filename)},
    )


def taken_in(client, organization, content: bytes, **judged):
    location = send(client, organization, content).location
    return client.post(f"{location}/apply", data=judged)


def persons() -> list[Person]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Person).order_by(Person.id)))
