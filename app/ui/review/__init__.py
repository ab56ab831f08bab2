"""The supervisor's screens: the queue, and one submission opened for review."""
