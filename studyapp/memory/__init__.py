"""When to see an item again: study days, steps, FSRS, fuzz, balance. Pure functions; no clock, no database."""
