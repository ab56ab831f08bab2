"""The shell's own screens, one file each: unlock, today, households, household, sent, synced, settings."""
