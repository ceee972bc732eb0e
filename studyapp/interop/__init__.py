"""Readers and writers of other programs' files. Uses study and content."""
