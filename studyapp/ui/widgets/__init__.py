"""Widgets that several screens use; each knows how it looks and what it says, and no use case."""
