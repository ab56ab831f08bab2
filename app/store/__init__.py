"""Encrypted local store: one file per worker (DESIGN §4)."""

from app.store.store import MemoryStore, Store

__all__ = ["MemoryStore", "Store"]
