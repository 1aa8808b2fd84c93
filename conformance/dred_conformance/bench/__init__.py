"""Benchmarks behind ``dred bench``."""
