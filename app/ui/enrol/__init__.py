"""A new tablet joins its organisation: invitation, keys, six words, and the wait for the supervisor."""
