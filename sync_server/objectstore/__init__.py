"""Where large sealed objects lie: files on disk, or any S3-compatible store."""
