"""The bulletin's page in Chromium: axe-core finds nothing to mend in the light, in the
dark, on a telephone and in print; the page asks for nothing beside itself, is no wider
than its window, and cuts no text of a picture off.

Needs Chromium, Playwright and the package that brings axe-core along; without them the
tests skip, and fail under CI=true. About 10 s, one start of the browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from firsthop.investigation.investigate import investigate
from firsthop.publication.formats.html import html
from tests.children import run_python
from tests.engines import lacking
from tests.publication.pictures import illustrated

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014"
LONG = "a-very-long-host-name-of-a-machine.somewhere.in.the.middle.of-nowhere.example.com"
HOSTILE = '"><script src=//x.example></script><svg onload=x()>\x1b]0;x\u202e&amp;</text></svg>'
LEGIBLE = 9.5  # CSS pixels
Seen = dict[str, object]


def missing() -> str | None:
    """What is not there of what the browser needs."""
    wanted = [name for name in ("playwright", "axe_playwright_python") if not find_spec(name)]
    wanted += [] if shutil.which("chromium") else ["chromium"]
    return f"not installed: {', '.join(wanted)}" if wanted else None


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Seen]:
    """What the browser saw, of all pages in all ways."""
    if lacks := missing():
        lacking("chromium", lacks)
    folder = tmp_path_factory.mktemp("pages")
    investigate([EXAMPLE], folder / "case")
    pages = [folder / "case" / "bulletin.en.html", folder / "pagina.html"]
    pages[1].write_text(html(illustrated(f"{HOSTILE} {LONG}"), "it", "0"), encoding="utf-8")
    script = Path(__file__).with_name("browser.py")
    ended = run_python(script, shutil.which("chromium") or "", *pages, seconds=180)
    assert ended.returncode == 0, ended.stderr
    told: list[Seen] = json.loads(ended.stdout)
    assert len(told) == 4 * len(pages)
    return told


def those(seen: Sequence[Seen], key: str) -> list[object]:
    """What was seen under a key, with its page and way."""
    return [(one["page"], one["way"], one[key]) for one in seen if one[key]]


@pytest.mark.slow
def test_axe_finds_no_violation(seen: Sequence[Seen]) -> None:
    assert those(seen, "violations") == []


@pytest.mark.slow
def test_the_page_asks_for_nothing_and_breaks_no_policy(seen: Sequence[Seen]) -> None:
    assert those(seen, "asked") == []
    assert those(seen, "stopped") == []


@pytest.mark.slow
def test_the_page_is_no_wider_than_its_window(seen: Sequence[Seen]) -> None:
    wide = [one for one in seen if int(str(one["width"])) > int(str(one["room"]))]
    assert [(one["page"], one["way"]) for one in wide] == []


@pytest.mark.slow
def test_the_text_of_pictures_is_whole_and_legible(seen: Sequence[Seen]) -> None:
    assert those(seen, "clipped") == []
    small = [one for one in seen if float(str(one["smallest"])) < LEGIBLE]
    assert [(one["page"], one["way"], one["smallest"]) for one in small] == []
