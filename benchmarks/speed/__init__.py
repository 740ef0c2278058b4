"""How many messages a CPU-second: the bulk path with the native kernel and without,
beside the standard library's header parser and two mail parsers, in one run.

    python -m benchmarks.speed            writes docs/reference/speed.md; needs the
    `benchmarks` extra for the other parsers; its last part is benchmarks/start.py

Each figure is the median of interleaved rounds, each in a fresh process and in another
order of messages, in CPU time, files in memory beforehand.
Cold: the first messages of the process. Steady: messages it has not seen, after all the
      rest of the corpora. Nothing is ever read twice.
"""
