"""The object store that the settings name."""

from sync_server.objectstore.base import ObjectStore
from sync_server.objectstore.files import FileObjects
from sync_server.settings import Settings


def open_objects(settings: Settings) -> ObjectStore:
    return FileObjects(settings.data_dir)
