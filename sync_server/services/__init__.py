"""What the server does, free of HTTP."""
