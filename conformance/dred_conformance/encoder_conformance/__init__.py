"""Encoder conformance: what a DRED encoder sends, judged by itself and against the speech it was given.

A stream is read once (`stream`, `reading`), by both implementations. Checks that need nothing but the packets
come first: well-formed, where the DRED extensions are, what the payloads hold. Checks with the input compare
decoded features with features of the input (`speech`, `alignment`): is silence left out, is the signalled
time the true one, how large is the error by age. Each check of each stream is one case of the report.
"""
