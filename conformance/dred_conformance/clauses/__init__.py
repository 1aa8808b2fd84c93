"""The clause registry: what the texts ask for, and which code, test and vector answers to it."""
