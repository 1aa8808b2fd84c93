"""Generates the published vectors; one module per group family, in ladder order."""
