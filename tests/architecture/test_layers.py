"""Conventions that hold for every module, new ones included."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from carecampaign.core.settings import ROOT

PACKAGE = ROOT / "carecampaign"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if "migrations" not in path.relative_to(PACKAGE).parts
)
LONGEST_FILE = 350
LONGEST_FUNCTION = 45
"""Lines after the docstring; the demo's functions are lists of facts, and may be longer."""

ENTRY_POINTS = {"views", "commands", "tasks"}
"""Who may commit; ``core.db`` defines how."""


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def layers_of(path: Path) -> set[str]:
    return set(path.relative_to(PACKAGE).with_suffix("").parts[1:])


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text()))


every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@every_module
def test_no_import_hides_in_a_function(path):
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{node.name} imports"


@every_module
def test_only_entry_points_commit(path):
    if layers_of(path) & ENTRY_POINTS or name_of(path) == "core/db.py":
        return
    for node in nodes(path):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            assert called not in {"transaction", "commit", "write_alone"}, f"line {node.lineno}"


@every_module
def test_only_the_clock_reads_the_clock(path):
    if name_of(path) == "core/clock.py":
        return
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            read = (node.value.id, node.attr)
            assert read not in CLOCKS, f"line {node.lineno}"


CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("datetime", "today"),
    ("time", "time"),
    ("func", "now"),
}


@every_module
def test_files_and_functions_stay_short(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef) and path.relative_to(PACKAGE).parts[0] != "demo":
            start = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0].lineno
            assert node.end_lineno - start < LONGEST_FUNCTION, node.name


@every_module
def test_every_module_says_what_it_is(path):
    assert path.name == "__init__.py" or ast.get_docstring(ast.parse(path.read_text()))
