"""One file for each thing an owner does on the command line."""
