"""How far a source is believed: the letter of its reliability and the digit of what it
tells, as the Admiralty code has them (NATO AJP-2.1, STANAG 2511).

The code has no numbers. Those here are a convention of this program: a source that is
believed half counts half of its bits, and one that cannot be judged counts less than
one that is fairly reliable."""

from __future__ import annotations

RELIABILITY = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.4, "E": 0.2, "F": 0.4}
CREDIBILITY = {"1": 1.0, "2": 0.8, "3": 0.6, "4": 0.4, "5": 0.2, "6": 0.4}
GRADES = tuple(letter + digit for letter in RELIABILITY for digit in CREDIBILITY)


def believed(grade: str) -> float:
    """The share of its bits that evidence of this grade keeps, from 0.04 to 1. KeyError
    for a text that is no grade."""
    return RELIABILITY[grade[0]] * CREDIBILITY[grade[1:]]
