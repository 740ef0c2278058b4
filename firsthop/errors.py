"""The errors of firsthop.

Malformed mail is evidence and never raises: it becomes a `Defect` or a `Skipped`. An
exception is the operator's, a table's or the program's fault.

    FirsthopError       (the command ends with exit code 2)
    ├── SettingsError   a setting or command line value that cannot be used
    ├── SourceError     the input as a whole cannot be opened
    ├── TableError      a TOML table that breaks its own form: file and key named
    ├── CaseError       a case folder that is not one, or is damaged
    └── ExportError     an output that cannot be written, or would leak
"""


class FirsthopError(Exception):
    """Root of all errors that firsthop raises on purpose; its text is one line for the
    operator."""


class SettingsError(FirsthopError):
    """A setting or a command line value cannot be used."""


class SourceError(FirsthopError):
    """An input cannot be opened at all."""


class TableError(FirsthopError):
    """A TOML table breaks its own form; the text names file and key."""


class CaseError(FirsthopError):
    """A case folder is missing, damaged or changed."""


class ExportError(FirsthopError):
    """An output cannot be written."""
