"""What the JSON interface takes and gives, as OpenAPI 3.1 says it."""

from typing import Any

from carecampaign.distributions.models import ExceptionReason
from carecampaign.distributions.services.syncing import Code

_ID = {"type": "string", "format": "uuid"}
_INSTANT = {"type": "string", "format": "date-time"}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 10_000}
_ROW = {"type": "integer", "minimum": 1}

_ENTRY: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "schema", "seq", "at", "event_id"],
    "properties": {
        "id": {**_ID, "description": "UUIDv7, made on the phone"},
        "kind": {"enum": ["issue", "void"]},
        "schema": {"const": 1},
        "seq": {"type": "integer", "description": "counts on the phone, without gaps"},
        "at": {**_INSTANT, "description": "by the phone's clock, with its offset"},
        "mono": {"type": "integer", "description": "milliseconds since boot"},
        "boot": {"type": "string"},
        "event_id": _ROW,
        "item_id": _ROW,
        "quantity": _COUNT,
        "head_count": _COUNT,
        "group_id": _ROW,
        "person_id": _ROW,
        "note": {"type": "string", "maxLength": 200},
        "voids": {**_ID, "description": "of kind void: which entry is taken back"},
        "reason": {"type": "string", "maxLength": 200},
    },
}
_RESULT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "code": {"enum": [code.value for code in Code]},
        "flags": {"type": "array", "items": {"enum": [it.value for it in ExceptionReason]}},
    },
}

OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "CareCampaign", "version": "1"},
    "paths": {
        "/api/v1/sync": {
            "post": {
                "summary": "Send what a phone logged without a network",
                "description": (
                    "It happened, so nothing is refused. An entry whose code is not retry may"
                    " be forgotten by the phone 72 hours after it was acknowledged; after a"
                    " change of epoch it sends again what it still has."
                ),
                "security": [{"pass": []}, {"session": []}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": [
                                    "protocol",
                                    "batch_id",
                                    "phone_id",
                                    "sent_at",
                                    "entries",
                                ],
                                "properties": {
                                    "protocol": {"const": 1},
                                    "batch_id": _ID,
                                    "phone_id": _ID,
                                    "sent_at": _INSTANT,
                                    "queue_length": {"type": "integer", "minimum": 0},
                                    "entries": {
                                        "type": "array",
                                        "maxItems": 100,
                                        "items": _ENTRY,
                                    },
                                },
                            }
                        }
                    },
                },
                "responses": {
                    "200": {
                        "description": "A result for each entry, once all of it is committed",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {
                                        "batch_id": _ID,
                                        "server_time": _INSTANT,
                                        "epoch": {"type": "string"},
                                        "results": {"type": "array", "items": _RESULT},
                                        "stock": {
                                            "type": "object",
                                            "description": "event id → item id → on hand",
                                        },
                                    },
                                }
                            }
                        },
                    },
                    "400": {"description": "No batch that can be read"},
                    "401": {"description": "Neither a pass nor a sign-in came along"},
                    "403": {"description": "Not sent by a page of this site"},
                    "413": {"description": "More than 100 entries, or a million bytes"},
                },
            }
        }
    },
    "components": {
        "securitySchemes": {
            "pass": {"type": "apiKey", "in": "cookie", "name": "station_pass"},
            "session": {"type": "apiKey", "in": "cookie", "name": "session"},
        }
    },
}
