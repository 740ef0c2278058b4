"""Values of a message as variables of a Sieve script (RFC 5229), and tests that compare
two of them.

A value that the message lacks leaves its variable empty; nothing is equal to that.
Never:      compares registrable domains: Sieve has no Public Suffix List.
"""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.publication.exports.rules.conditions import Compared, Value

REGISTRABLE = (
    "it takes the Public Suffix List to know which part of a host name was registered, and this "
    "engine has none"
)
UNEQUAL = "this engine is only asked whether two values are equal"

# the test that finds the value, and captures it
_FOUND = {
    Value.SUBJECT: 'header :matches "subject" "*"',
    Value.AUTHOR: 'address :all :matches "from" "*"',
    Value.AUTHOR_LOCAL_PART: 'address :localpart :matches "from" "*"',
    Value.AUTHOR_DOMAIN: 'address :domain :matches "from" "*"',
    Value.DISPLAY_NAME: (
        'header :regex "from" "^[[:space:]\\"]*([^\\"<]*[^\\"<[:space:]])[[:space:]\\"]*<"'
    ),
    Value.RECIPIENT_LOCAL_PART: 'address :localpart :matches "to" "*"',
    Value.ID_HOST: (  # what is no host name would act in the pattern of a HELO
        'header :regex "message-id" "@([A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)+)>?[[:space:]]*$"'
    ),
    Value.REPLY_DOMAIN: 'address :domain :matches "reply-to" "*"',
}
# values of which a message may have several: a test that one of them is in a variable
_ONE_OF = {
    Value.RECIPIENT: 'header :contains "to" "{variable}"',
    Value.HELO: (
        'header :regex "received" '
        '"(^from|helo|ehlo)[[:space:]=]+[[]?{variable}[]) >;,\\"[:space:](]"'
    ),
}


def why_not(condition: Compared) -> str | None:
    """Why a relation cannot be asked; None where it can."""
    if condition.registrable:
        return REGISTRABLE
    if not condition.equal:
        return UNEQUAL
    several = [one for one in (condition.left, condition.right) if one in _ONE_OF]
    return None if len(several) < 2 else "both sides have several values"


def relation_test(condition: Compared) -> str:
    """The test that two values are equal."""
    single, other = condition.left, condition.right
    if single in _ONE_OF:
        single, other = other, single
    there = f'string :matches "{_variable(single)}" "?*"'
    if (form := _ONE_OF.get(other)) is not None:
        return f"allof({there}, {form.format(variable=_variable(single))})"
    return f'allof({there}, string :is "{_variable(single)}" "{_variable(other)}")'


def assignments(conditions: Iterable[Compared]) -> tuple[str, ...]:
    """The lines that fill the variables of all relations of a script."""
    needed = dict.fromkeys(
        value for one in conditions for value in (one.left, one.right) if value in _FOUND
    )
    return tuple(f'if {_FOUND[one]} {{ set :lower "{_name(one)}" "${{1}}"; }}' for one in needed)


def _name(value: Value) -> str:
    return f"firsthop_{value.name.lower()}"


def _variable(value: Value) -> str:
    return f"${{{_name(value)}}}"
