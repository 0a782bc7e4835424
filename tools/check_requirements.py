"""Fail when a lock file is not what the project asks for.

Off-line this compares the versions named in ``pyproject.toml`` and ``package.json`` with
the lock files. Where ``CI`` is set the requirements are compiled again and compared; only
names and versions count then, because a release may gain files for platforms to come.
"""

import json
import os
import re
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lock import EXTRAS, ROOT, compile_requirements

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>[^\s;\\]+)")
ADDRESS = re.compile(r"\b[a-z]+://")


def pins_of(text: str) -> dict[str, str]:
    """Read the lines that name a package, without their digests, by canonical name."""
    entries = text.replace("\\\n", " ").splitlines()
    found = [(PIN.match(entry), entry) for entry in entries]
    return {canonicalize_name(pin["name"]): pin["version"] for pin, _entry in found if pin}


def pins_of_file(name: str) -> dict[str, str]:
    """Read the pins of one of the compiled files."""
    return pins_of((ROOT / name).read_text("utf-8"))


def entries_without_digest(text: str) -> list[str]:
    """List the entries that pip would refuse to install with --require-hashes."""
    entries = text.replace("\\\n", " ").splitlines()
    return [entry for entry in entries if PIN.match(entry) and "--hash=sha256:" not in entry]


def asked_for(extras: tuple[str, ...]) -> dict[str, str]:
    """Read the pins of pyproject.toml: canonical name to version specifier."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): str(one.specifier) for one in requirements}


def problems_of_requirements(name: str, extras: tuple[str, ...]) -> list[str]:
    """Say what is wrong with one file of compiled requirements."""
    text = (ROOT / name).read_text("utf-8")
    pins = pins_of(text)
    problems = [f"{name}: no digest for {line}" for line in entries_without_digest(text)]
    problems += [f"{name} names an address" for _ in ADDRESS.findall(text)[:1]]
    for package, wanted in asked_for(extras).items():
        if f"=={pins.get(package)}" != wanted:
            problems.append(f"{name} has {package} {pins.get(package)}, not {wanted}")
    if os.environ.get("CI") and not problems and pins != compiled_anew(name, extras):
        problems.append(f"{name} differs from what pyproject.toml compiles to")
    return problems


def compiled_anew(name: str, extras: tuple[str, ...]) -> dict[str, str]:
    """Compile a copy, starting from the present file so that nothing moves without need."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        copy.write_bytes((ROOT / name).read_bytes())
        compile_requirements(copy, extras=extras)
        return pins_of(copy.read_text("utf-8"))


def problems_of_packages() -> list[str]:
    """Say what is wrong with package-lock.json."""
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))
    text = (ROOT / "package-lock.json").read_text("utf-8")
    locked = json.loads(text)["packages"][""]
    kinds = ("dependencies", "devDependencies")
    problems = [
        f"package-lock.json has other {kind} than package.json"
        for kind in kinds
        if asked.get(kind) != locked.get(kind)
    ]
    return problems + ["package-lock.json names an address" for _ in ADDRESS.findall(text)[:1]]


def main() -> None:
    """Check all three files and say what to do."""
    problems = [
        problem
        for name, extras in EXTRAS.items()
        for problem in problems_of_requirements(name, extras)
    ]
    installed, tested = (pins_of_file(name) for name in EXTRAS)
    if not installed.items() <= tested.items():
        problems.append("Tests would run on other versions than an installation does")
    problems += problems_of_packages()
    if problems:
        sys.exit("\n".join([*problems, "Run `make lock`."]))
    print("Lock files are in step.")


if __name__ == "__main__":
    main()
