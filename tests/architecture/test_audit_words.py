"""Every action the program records reads as a sentence in the audit log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from carecampaign.audit.vocabulary import ACTIONS
from carecampaign.core.settings import ROOT

PACKAGE = ROOT / "carecampaign"


def actions_in(path: Path) -> Iterator[str]:
    """Find the actions a module of services records.

    They stand as first argument of ``record`` or an area's own ``_record``, as ``verb``, or
    anywhere as ``"<area>.<verb>"``.
    """
    area = path.relative_to(PACKAGE).parts[0]
    whole = re.compile(rf"{area}\.[a-z_]+")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if whole.fullmatch(node.value):
                yield node.value
        elif isinstance(node, ast.Call):
            yield from (f"{area}.{verb}" for verb in verbs_in(node) if "." not in verb)
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verb":
            yield from (f"{area}.{verb}" for verb in literals_of(node.value))


def verbs_in(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name.lstrip("_").startswith("record") and call.args:
        yield from literals_of(call.args[0])
    for keyword in call.keywords:
        if keyword.arg == "verb":
            yield from literals_of(keyword.value)


def literals_of(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def service_modules() -> Iterator[Path]:
    for path in PACKAGE.rglob("*.py"):
        if "services" in path.relative_to(PACKAGE).with_suffix("").parts:
            yield path


def test_every_recorded_action_has_words():
    recorded = {action for path in service_modules() for action in actions_in(path)}

    assert recorded - set(ACTIONS) == set()
