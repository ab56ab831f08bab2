"""What keeps a worker's key and unsent work safe: passphrase, PIN, safety copy, what may be deleted."""
