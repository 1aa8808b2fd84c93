"""The ``dred`` command: one module per subcommand."""
