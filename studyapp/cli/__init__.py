"""The command line: one module per command, imported when called. Parses, calls one use case, prints."""
