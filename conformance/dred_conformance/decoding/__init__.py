"""Decodes the DRED of packets rung by rung, for people and for tools."""
