"""The published vectors: their schema, canonical form, manifest and generator."""
