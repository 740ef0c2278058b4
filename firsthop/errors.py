"""The errors of firsthop: all of them stand here, and each is raised somewhere.

Malformed mail is evidence and never raises: it becomes a `Defect` or a `Skipped`. An
exception is the operator's, a table's or the machine's fault.

    FirsthopError           (the command says it in one line and ends with exit code 2)
    ├── SettingsError       a setting, an option or an argument that cannot be used
    ├── TableError          a table of the package breaks its form: file and key named
    ├── NoMailError         what is to be investigated holds no mail
    ├── CaseError           a case folder that is none, is damaged, or is in use
    │   └── LeftoverError   what a killed run left cannot be resumed
    ├── EngineError         the engine that counts cannot be reached, or fails
    └── WorkerError         a process that reads mail ended before its work did

Eleven classes are no errors but ways to leave a calculation, and never leave the
package they stand in: `Ended` and `_BadTermError` of the SPF evaluation, `_BrokenError`
of signed files, `_CutError` of TNEF, `UnsearchableError` of the leak scan, `NotArrow`
of columns for DuckDB, `KernelError` and `UnsupportedError` of the native kernel,
`_DifferentError` of what a server sends back, `PipeClosed` and `EndedBySignal` of the
command line.
"""


class FirsthopError(Exception):
    """Root of all errors that firsthop raises on purpose; its text is one line for the
    operator."""


class SettingsError(FirsthopError):
    """A setting, an option or an argument cannot be used."""


class TableError(FirsthopError):
    """A TOML table breaks its own form; the text names file and key."""


class NoMailError(FirsthopError):
    """No message is in what is to be investigated; nothing was written."""


class CaseError(FirsthopError):
    """A case folder is missing, damaged, changed or in use."""


class LeftoverError(CaseError):
    """What a killed run left cannot be resumed: the input is another now, or a file is
    damaged."""


class EngineError(FirsthopError):
    """An engine cannot be reached, lacks its libraries, or fails at a statement."""


class WorkerError(FirsthopError):
    """A worker ended before its work did."""
