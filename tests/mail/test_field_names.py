"""Each list of field names stands once, in firsthop.mail.field_names."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import firsthop
from firsthop.mail import field_names

PACKAGE = Path(firsthop.__file__).parent
HOME = Path("mail/field_names.py")
ENOUGH = 3  # names of fields that make a list of a collection


def known() -> frozenset[str]:
    """All names in the home, in lower case."""
    lists = [v for v in vars(field_names).values() if isinstance(v, frozenset | tuple | dict)]
    return frozenset(name.lower() for one in lists for name in one if isinstance(name, str))


def texts(node: ast.AST) -> list[str | bytes]:
    """The words of a collection: of a display, or of one text that is to be split."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return _texts(node.elts)
    if isinstance(node, ast.Dict):
        return _texts(node.keys)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        texts_split = _texts([node.func.value]) if node.func.attr == "split" else []
        return [word for text in texts_split for word in text.split()]
    return []


def _texts(nodes: Sequence[ast.expr | None]) -> list[str | bytes]:
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    ]


def lists_in(source: str) -> Iterator[tuple[int, list[str]]]:
    """Line and names of each collection that spells field names."""
    names = known()
    for node in ast.walk(ast.parse(source)):
        words = [t.decode("latin-1") if isinstance(t, bytes) else t for t in texts(node)]
        told = [word for word in words if word.lower() in names]
        if len(told) >= ENOUGH and 2 * len(told) > len(words):
            yield getattr(node, "lineno", 0), told


def test_no_other_module_spells_a_list_of_field_names() -> None:
    again = [
        f"{path.relative_to(PACKAGE)}:{line}: {', '.join(told)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE) != HOME
        for line, told in lists_in(path.read_text(encoding="utf-8"))
    ]
    assert again == [], f"name the list in {HOME} and import it"


def test_a_list_is_found_in_every_form() -> None:
    for text in (
        '("list-id", "list-post", "x-loop")',
        'frozenset({b"from", b"to", b"date"})',
        '"list-id list-post x-loop".split()',
        '{"From": 1, "sender": 2, "reply-to": 3}',
    ):
        assert len(list(lists_in(text))) == 1, text
    assert list(lists_in('("from", "by", "via", "with", "id", "for", "date", "to")')) == []


def test_a_list_is_used() -> None:
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    words = Counter(re.findall(r"\b[A-Z_]{2,}\b", "\n".join(sources)))
    public = {name for name in vars(field_names) if name.isupper() and name[0] != "_"}
    assert [name for name in sorted(public) if words[name] < 2] == []
