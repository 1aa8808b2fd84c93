"""The checks, one module each: a `CHECK` that says what is asked, and a function that answers."""
