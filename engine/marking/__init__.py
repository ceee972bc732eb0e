"""Marking: how an answer is read and what it is worth. Knows numbers and names, no card and no learner."""
