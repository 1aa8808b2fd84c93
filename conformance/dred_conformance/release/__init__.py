"""Vectors as a release: one file, its signature, the changelog, and what differs from the last one."""
