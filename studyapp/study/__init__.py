"""The use cases, in the order a person lives them. No screen; the only place where a card meets the engine."""
