"""An evidence pack: the files of a case and the originals in one archive, with what it
takes to check them: digests, instructions, a signature, a time stamp."""
