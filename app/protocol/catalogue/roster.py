"""Problems of the roster area."""

from app.protocol.errors import Entry

_NOTHING_LOST = "Nothing on this device is lost."
_KEEP_OLD = "This device keeps using the list of devices it already trusted."
_CALL = "Do not sync from other places. Tell the person who looks after Doorstep in your organisation."


def _tampered(title: str, happened: str) -> Entry:
    return Entry(409, title, happened, f"{_NOTHING_LOST} {_KEEP_OLD}", _CALL)


def _refused(title: str, happened: str, todo: str, status: int = 422) -> Entry:
    return Entry(status, title, happened, _NOTHING_LOST, todo)


ENTRIES: dict[str, Entry] = {
    "roster.malformed": _refused(
        "The list of devices cannot be read",
        "An entry in the list of trusted devices is not written as it must be ({reason}).",
        "Sync again. If it happens again, tell the person who looks after Doorstep.",
    ),
    "roster.wrong_root": _tampered(
        "Another organisation's list",
        "The list of trusted devices does not come from the organisation this device belongs to.",
    ),
    "roster.wrong_org": _tampered(
        "Another organisation's entry",
        "An entry in the list of trusted devices belongs to another organisation.",
    ),
    "roster.bad_signature": _tampered(
        "Wrong signature in the list of devices",
        "An entry in the list of trusted devices was not signed by the person it names.",
    ),
    "roster.rollback": _tampered(
        "An old list of devices",
        "The server shows an older list of trusted devices than this device has already seen.",
    ),
    "roster.fork": _tampered(
        "Two different lists of devices",
        "The server shows a list of trusted devices that contradicts the one this device has already seen.",
    ),
    "roster.gap": _refused(
        "Part of the list of devices is missing",
        "Entries in the list of trusted devices are missing or out of order.",
        "Sync again. If it happens again, tell the person who looks after Doorstep.",
        409,
    ),
    "roster.stale": _refused(
        "Somebody changed the list of devices first",
        "Another supervisor changed the list of trusted devices a moment earlier.",
        "Sync, look at the list and repeat your change if it is still needed.",
        409,
    ),
    "roster.unknown_signer": _tampered(
        "An unknown signer",
        "An entry in the list of trusted devices is signed by a device that is not in the list.",
    ),
    "roster.signer_revoked": _tampered(
        "A removed device signed",
        "An entry in the list of trusted devices is signed by a device that has been removed.",
    ),
    "roster.not_allowed": _refused(
        "This needs somebody else",
        "Only a supervisor may add or remove devices; a few changes need the organisation's root key.",
        "Ask a supervisor, or use the organisation's root key.",
        403,
    ),
    "roster.unknown_device": _refused(
        "This device is not in the list",
        "The device {device} is not in your organisation's list of trusted devices.",
        "Sync to get the newest list. If it is a new device, add it first.",
        404,
    ),
    "roster.device_revoked": _refused(
        "This device was removed",
        "The device {device} has been removed from your organisation's list of trusted devices.",
        "Enrol the device again if it should go on being used.",
        403,
    ),
    "roster.device_exists": _refused(
        "This device is already in the list",
        "A device with this name or with these keys is, or was, in the list of trusted devices.",
        "Make new keys on the device and add it again.",
        409,
    ),
    "roster.last_supervisor": _refused(
        "The last supervisor",
        "Nobody could add devices any more if the last supervisor were removed.",
        "Add another supervisor first, or use the organisation's root key.",
        409,
    ),
    "roster.no_change": _refused(
        "Nothing to change",
        "The device {device} already has this role.",
        "Nothing needs to be done.",
        409,
    ),
}
