"""Problems of files that belong to records, and of who may read."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {
    "sharing.no_such_file": Entry(
        404,
        "This file is not part of the record",
        "No version of this record names the file that was asked for.",
        "Nothing is lost.",
        "Go back to the record and open it again.",
    ),
    "sharing.file_not_sent": Entry(
        409,
        "The photo has not arrived yet",
        "The record is here; the photo or file that belongs to it has not been sent by its author so far.",
        "Nothing is lost: the tablet that took it keeps it until it is sent.",
        "Try again after the next sync, or ask your colleague to sync where there is Wi-Fi.",
    ),
    "sharing.file_too_large": Entry(
        413,
        "This file is too large to be shown",
        "The file is larger than a screen of this app can show.",
        "Nothing is lost: the file is kept with its record.",
        "Ask whoever keeps the recovery key to open it if it is needed.",
    ),
}
