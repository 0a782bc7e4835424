"""Printed forms on the way of a journey, and whether they say what they have to."""

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from tests.journeys.window import Window

READER = shutil.which("pdftotext")
MISSING = "the words on papers are read with pdftotext: apt install poppler-utils"


@dataclass(frozen=True)
class Paper:
    """A form as PDF, with the words that have to stand on it, and those that must not."""

    name: str
    content: bytes
    says: tuple[str, ...]
    hides: tuple[str, ...] = ()


def print_out(window: Window, *says: str, hides: Iterable[str] = ()) -> Paper:
    """Fetch the paper that a page offers; it says the heading of the page, and these words."""
    name = window.page.get_by_role("heading", level=1).inner_text().strip()
    link = window.main.get_by_role("link", name=window.word("PDF"), exact=True)
    answer = window.page.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    content = answer.body()
    assert content.startswith(b"%PDF-")
    return Paper(name, content, (*name.split(), *says), tuple(hides))


def read(paper: Paper) -> None:
    """Expect the words of a paper on it; gaps of any size count as one."""
    run = subprocess.run(
        [READER, "-raw", "-", "-"], input=paper.content, capture_output=True, check=True
    )
    text = " ".join(run.stdout.decode().split())
    missing = [words for words in paper.says if words not in text]
    assert not missing, f"{paper.name} does not say {missing}: {text}"
    told = [words for words in paper.hides if words in text]
    assert not told, f"{paper.name} tells {told}: {text}"
