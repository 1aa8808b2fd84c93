"""Replacing the bundled model: its card, and the exchange of it and of all that depends on it."""
