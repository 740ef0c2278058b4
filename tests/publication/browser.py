"""Opens pages in Chromium, as a program of its own: `browser.py CHROMIUM PAGE...`.

Tells as JSON, for each page and each way of looking at it, what axe-core finds, what
the page asked for beside itself, what its policy stopped, and how wide it is."""

from __future__ import annotations

import json
import sys
from importlib import resources
from pathlib import Path
from typing import Any, TypedDict

from playwright.sync_api import Browser, sync_playwright

WAYS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "print": {"viewport": {"width": 794, "height": 1123}, "color_scheme": "light"},
}


class Seen(TypedDict):
    """One page, looked at in one way."""

    page: str
    way: str
    violations: list[str]  # the rule, and the element that breaks it
    asked: list[str]  # addresses beside the page's own
    stopped: list[str]  # what the console tells
    width: int  # of the content
    room: int  # of the window
    smallest: float  # height of the smallest text in a picture, CSS pixels
    clipped: list[str]  # texts of pictures that reach over their edge


LOOK = """() => {
  const clipped = [], sizes = [];
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      const scale = frame.width / svg.viewBox.baseVal.width;
      sizes.push(parseFloat(getComputedStyle(text).fontSize) * scale);
      if (box.left < frame.left - 2 || box.right > frame.right + 2 ||
          box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        clipped.push(text.textContent);
    }
  }
  return {clipped, smallest: Math.min(...sizes, 99),
          width: document.documentElement.scrollWidth, room: window.innerWidth};
}"""


def look(browser: Browser, path: Path, way: str, axe: str) -> Seen:
    """One page in one way."""
    page = browser.new_page(**WAYS[way])
    asked: list[str] = []
    stopped: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: stopped.append(message.text))
    page.goto(path.as_uri())
    if way == "print":
        page.emulate_media(media="print")
    seen = page.evaluate(LOOK)
    page.evaluate(axe)
    result = page.evaluate("() => axe.run()")
    page.close()
    return Seen(
        page=path.name,
        way=way,
        violations=[
            f"{one['id']}: {node['html'][:200]}"
            for one in result["violations"]
            for node in one["nodes"]
        ],
        asked=[url for url in asked if url != path.as_uri()],
        stopped=stopped,
        width=seen["width"],
        room=seen["room"],
        smallest=seen["smallest"],
        clipped=seen["clipped"],
    )


def main() -> None:
    chromium, *pages = sys.argv[1:]
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        told = [look(browser, Path(page), way, axe) for page in pages for way in WAYS]
        browser.close()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
