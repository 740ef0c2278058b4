"""The instructions of the kernel's machine: their numbers, their words, and where in
them the number of another one stands (kernel/src/program.rs has the same)."""

from __future__ import annotations

(FAIL, ACCEPT, CHAR, SET, STR, SPLIT, JUMP, SAVE, REPEAT, POSSESS, LAZY) = range(11)
(LOOK, ATOMIC, START, DOLLAR, END, BOUNDARY, BACKREF, GUARD, BEHIND, DONE) = range(11, 21)
(PEEK, CHAIN, SWITCH, MAYBE, MAYBE_TEXT, SWITCH_NEXT) = range(21, 27)
WIDTHS = {  # words of an instruction; two of all others
    **dict.fromkeys((FAIL, ACCEPT, START, DOLLAR, END, DONE), 1),
    **dict.fromkeys((STR, SPLIT, LOOK, GUARD, PEEK, MAYBE), 3),
    **dict.fromkeys((REPEAT, POSSESS, LAZY, BEHIND, CHAIN, MAYBE_TEXT), 4),
}
# where in an instruction the number of another one stands
TARGETS = {
    **dict.fromkeys((JUMP, ATOMIC), (1,)),
    **dict.fromkeys((LOOK, GUARD, MAYBE), (2,)),
    **dict.fromkeys((BEHIND, MAYBE_TEXT), (3,)),
    SPLIT: (1, 2),
}
SWITCHES = (SWITCH, SWITCH_NEXT)
SWITCH_WIDTH = 4  # words in front of their targets
ENDS = 256  # stands for the end of the text where a byte is asked for
