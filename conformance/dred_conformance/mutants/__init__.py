"""Seeded bugs: changes of the native core that the vectors must catch."""
