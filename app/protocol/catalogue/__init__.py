"""The error catalogue, one file an area. `app.protocol.errors` collects them."""
