"""Runs an adapter over vectors and judges its answers."""
