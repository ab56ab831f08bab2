"""Synchronising a device with its organisation's server: `syncer.Syncer` over `transport.HttpTransport` (DESIGN §5)."""
