"""The adapter protocol, version 1: its JSON Schema and the operations it knows."""
