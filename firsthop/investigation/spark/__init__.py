"""Mail read on a Spark Connect server: the same reading, where a heap lies or where
processors are.

    source      what is named: a table, Parquet files, a folder on the server
    there       what is executed there
    read        what comes back of a heap that lies there, input by input
    workers     messages sent from here, examined there
    rows        a message that was examined, as a row and back
    shape       whether a value that came back has the type that it should
"""
