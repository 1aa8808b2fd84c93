"""Random inputs put to both implementations: Python against C++, difference by difference."""
