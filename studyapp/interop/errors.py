"""What can be wrong with another program's file, as a sentence."""


class ImportRefusedError(Exception):
    """The file cannot be taken in at all; the text says why and what to do. The command line exits with 1."""
