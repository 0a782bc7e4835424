"""A phone as the server meets it."""

from datetime import datetime, timedelta

import uuid_utils

from carecampaign.core import clock

HEADERS = {"Sec-Fetch-Site": "same-origin"}


class Sender:
    """Makes entries as a phone does, and sends them."""

    def __init__(self, client, scene) -> None:
        self.client = client
        # By their ids: what is sent in a thread has no session.
        self._usual = {
            "event_id": scene.event.id,
            "item_id": scene.package.id,
            "group_id": scene.couriers.id,
        }
        self.id = str(uuid_utils.uuid7())
        self.seq = 0

    def entry(self, **said) -> dict:
        """Make an entry: one package to a courier, unless told otherwise."""
        self.seq += 1
        return {
            "id": str(uuid_utils.uuid7()),
            "kind": "issue",
            "schema": 1,
            "seq": self.seq,
            "at": clock.local(clock.now()).isoformat(),
            "mono": self.seq * 1000,
            "boot": "boot",
            **self._usual,
            "quantity": 1,
            "head_count": 1,
            **said,
        }

    def void(self, entry, **said) -> dict:
        """Make the entry that takes one back."""
        made = self.entry(kind="void", voids=entry["id"], reason="Slip", **said)
        for name in ("item_id", "group_id", "quantity", "head_count"):
            del made[name]
        return made

    def post(self, entries, /, *, by_its_clock: datetime | None = None, headers=HEADERS, **said):
        """Send a batch."""
        body = {
            "protocol": 1,
            "batch_id": str(uuid_utils.uuid7()),
            "phone_id": self.id,
            "sent_at": (by_its_clock or clock.now()).isoformat(),
            "queue_length": len(entries),
            "entries": entries,
            **said,
        }
        return self.client.post("/api/v1/sync", json=body, headers=headers)

    def codes(self, entries, **said) -> list[str]:
        """Send a batch; give the codes in the order of the entries."""
        answer = self.post(entries, **said)
        assert answer.status_code == 200, answer.text
        by_id = {it["id"]: it["code"] for it in answer.json["results"]}
        return [by_id[str(entry["id"])] for entry in entries]


def ago(**much) -> str:
    """Give an instant as a phone writes it."""
    return clock.local(clock.now() - timedelta(**much)).isoformat()
