"""Compile the exact versions of everything installed from what the project asks for.

``requirements.txt`` sets up and runs an installation, ``requirements-dev.txt`` adds what
tests and checks need, both with the digest of every file, for every platform and Python
version supported; ``package-lock.json`` does the same for the front-end packages. What is
locked already stays at its version unless ``pyproject.toml`` or ``package.json`` says
otherwise. None of the files names a place to download from.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
HEADER = "# Compiled from pyproject.toml by `make lock`; not edited by hand.\n"
# In this order: tests run on the very versions that an installation has.
EXTRAS = {
    "requirements.txt": ("assets",),
    "requirements-dev.txt": ("assets", "dev"),
}


def compile_requirements(target: Path, *, extras: tuple[str, ...]) -> None:
    """Write one file of pinned requirements. Raises CalledProcessError when none fit."""
    command: list[str | Path] = [
        BIN / "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--quiet",
    ]
    command += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-annotate"]
    command += [argument for extra in extras for argument in ("--extra", extra)]
    if "dev" in extras:
        command += ["--constraint", "requirements.txt"]
    command += ["--output-file", target]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    pins = target.read_text("utf-8").removeprefix(HEADER)
    target.write_text(HEADER + pins, "utf-8")


def lock_packages() -> None:
    """Write package-lock.json without the addresses npm adds for those who want to donate."""
    subprocess.run([BIN / "npm", "install", "--package-lock-only"], cwd=ROOT, check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Lock both languages' packages."""
    for name, extras in EXTRAS.items():
        compile_requirements(ROOT / name, extras=extras)
    lock_packages()


if __name__ == "__main__":
    main()
