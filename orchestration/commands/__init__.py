"""The command line: one module per command, and the screen they share. Belongs here: options and showing; not here: the work."""
