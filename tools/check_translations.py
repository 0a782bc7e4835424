"""Fail when a Chinese word is missing, guessed, or would break the sentence it stands in.

Takes the template catalogue just extracted from code and templates, and compares each
catalogue under ``carecampaign/translations`` with it.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.lock import ROOT

CATALOGUES = ROOT / "carecampaign" / "translations"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}")


def read(path: Path) -> Catalog:
    """Read a catalogue, off a broken line of which nothing is to be guessed."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def texts(words: object) -> list[str]:
    """Give a message's words as a list, be they one text, singular and plural, or none."""
    return [words] if isinstance(words, str) else list(words or ())  # type: ignore[call-overload]


def placeholders(text: str) -> list[str]:
    """List what a text leaves open, each as often as it occurs."""
    return sorted(PLACEHOLDER.findall(text))


def problem_of(asked: Message, found: Message | None) -> str | None:
    """Say what is wrong with one translation, or None."""
    if found is None:
        return "not in the catalogue (run `make translations`)"
    if found.fuzzy:
        return "marked as a guess"
    words = texts(found.string)
    if not words or not all(word.strip() for word in words):
        return "not translated"
    # The last form of the original is the plural, which shows the number.
    wanted = placeholders(texts(asked.id)[-1])
    if any(placeholders(word) != wanted for word in words):
        return f"must leave open just {' '.join(wanted) or 'nothing'}"
    return None


def problems_of(template: Catalog, path: Path) -> list[str]:
    """List what is wrong with one language's catalogue."""
    catalogue = read(path)
    name = path.relative_to(ROOT)
    problems = []
    for asked in template:
        found = catalogue.get(asked.id, asked.context) if asked.id else None
        problem = problem_of(asked, found) if asked.id else None
        if problem:
            problems.append(f"{name}: {texts(asked.id)[0]!r}: {problem}")
    unused = [one for one in catalogue if one.id and template.get(one.id, one.context) is None]
    return problems + [f"{name}: {texts(one.id)[0]!r}: no longer used" for one in unused]


def main() -> None:
    """Check every catalogue against the template named on the command line."""
    with Path(sys.argv[1]).open("rb") as file:
        template = read_po(file)
    paths = sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
    if not paths:
        sys.exit("There is no catalogue yet: run `make translations`.")
    problems = [problem for path in paths for problem in problems_of(template, path)]
    if problems:
        sys.exit("\n".join(problems))
    print(f"Translations are complete: {len(template)} messages.")


if __name__ == "__main__":
    main()
