"""The pages written from the program are what the program writes now."""

import pytest

from docs.generate import _pages


@pytest.mark.slow
def test_generated_pages_are_up_to_date() -> None:
    different = [
        path.name
        for path, text in _pages()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert different == [], "stale pages: run python -m docs.generate"
