"""The outermost layer: who asks, how much, how fast, and how a problem is told."""
