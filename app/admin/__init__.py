"""The organisation's offline keys: made, printed, split, restored and used by `python -m app.admin`."""
