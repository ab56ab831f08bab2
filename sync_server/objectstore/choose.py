"""The object store that the settings name."""

from sync_server.objectstore.base import ObjectStore
from sync_server.objectstore.files import FileObjects
from sync_server.settings import Settings


def open_objects(settings: Settings) -> ObjectStore:
    """Files in the data folder, or whatever `--objects` names (s3://bucket/prefix, gs://…, az://…)."""
    if not settings.objects:
        return FileObjects(settings.data_dir)
    from sync_server.objectstore.remote import RemoteObjects

    return RemoteObjects.from_url(settings.objects)
