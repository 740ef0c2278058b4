"""The engines that exported rules can be tried in: each started on this machine, with
the files of an export as they are, over mail that stays here.

An engine is one module with a function of the form `Run`; ENGINES in `engines.py` lists
them. What an engine needs stands in its module's docstring.
Never:      listens on anything but the loopback interface or a socket in its own
            folder, reads a configuration of the machine, sends mail or asks the DNS.
Raises:     EngineError where an engine is not installed, does not start, or refuses the
            rules; its text is one line that names what is missing or refused.
"""
