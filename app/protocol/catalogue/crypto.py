"""Problems of the crypto area."""

from app.protocol.errors import Entry

_NOTHING_LOST = "Nothing is lost."
_SET_ASIDE = "Nothing of yours is lost. The record was set aside and nothing was taken from it."
_TELL = "Tell the person who looks after Doorstep, and keep this device as it is."


def _quarantine(title: str, happened: str) -> Entry:
    return Entry(422, title, happened, _SET_ASIDE, _TELL)


ENTRIES: dict[str, Entry] = {
    "crypto.wrong_passphrase": Entry(
        403,
        "That is not the passphrase",
        "The passphrase does not open this worker's data.",
        _NOTHING_LOST,
        "Try again. If it is forgotten, a supervisor can help you to start again without losing unsent work.",
        retry=True,
    ),
    "crypto.weak_passphrase": Entry(
        422,
        "The passphrase is too short",
        "A passphrase needs at least {words} words or {characters} characters.",
        _NOTHING_LOST,
        "Choose a longer one, or take the suggested words.",
    ),
    "crypto.weak_pin": Entry(
        422,
        "The PIN is too easy",
        "A PIN needs at least {digits} digits that are not one digit repeated or digits in a row.",
        _NOTHING_LOST,
        "Choose another one, or take the suggested words.",
    ),
    "crypto.keystore_gone": Entry(
        409,
        "The tablet forgot its half of the key",
        "Half of this profile's key was kept by the tablet itself, and it is no longer there. That happens after "
        "the tablet was reset, or when the app was brought back from a backup.",
        "Finished work that was not sent is still here, sealed, and will be handed over.",
        "Choose “I forgot my passphrase”: your supervisor enrols you again on this tablet.",
    ),
    "crypto.keystore_silent": Entry(
        503,
        "The tablet's key store does not answer",
        "Half of the key is kept by the tablet itself, and it could not be read just now.",
        _NOTHING_LOST,
        "Unlock the tablet's own screen, then try again. If it happens again, restart the tablet.",
        retry=True,
    ),
    "crypto.keystore_missing": Entry(
        500,
        "The device forgot its half of the key",
        "This worker's data also needs a secret that this device's own key store kept, and it is gone.",
        "Sent records are safe. Unsent ones are still here, locked; a supervisor can take them over.",
        "Do not remove the app. Tell the person who looks after Doorstep.",
    ),
    "crypto.broken_keyslot": Entry(
        500,
        "The lock of this worker's data is damaged",
        "The file that holds the locked key is damaged or from another version ({reason}).",
        "The data is still there but cannot be opened on this device without that file.",
        "Do not remove the app. Tell the person who looks after Doorstep. Sent records are safe.",
    ),
    "crypto.weak_keyslot": Entry(
        422,
        "The lock of this worker's data is too weak",
        "The file that holds the locked key asks for less work than is safe. It may have been altered.",
        _NOTHING_LOST,
        _TELL,
    ),
    "crypto.bad_key": Entry(
        422,
        "This is not a key",
        "The text is not a key of the kind that was expected.",
        _NOTHING_LOST,
        "Copy the whole key again, from its first to its last character.",
    ),
    "crypto.bad_shares": Entry(
        422,
        "These shares do not belong together",
        "The sheets are too few, the same one twice, or printed for different sharings of a key.",
        _NOTHING_LOST,
        "Use two different sheets with the same name and the same day on them.",
    ),
    "crypto.bad_share_word": Entry(
        422,
        "A word is not in the list",
        "Word number {place} is none of the words that stand on such sheets.",
        _NOTHING_LOST,
        "Read that word on the sheet again; its first four letters are enough.",
    ),
    "crypto.bad_share": Entry(
        422,
        "The words of this sheet do not fit together",
        "{count} words were typed, of 33 on a sheet; one is missing or was taken for another.",
        _NOTHING_LOST,
        "Compare the words with the sheet, number by number, and type them again.",
    ),
    "crypto.bad_signature": _quarantine(
        "The signature is wrong",
        "Something was altered after it was signed, or it was signed by somebody else.",
    ),
    "crypto.not_for_me": _quarantine(
        "This record is not for this device",
        "The record is locked for other people; this device has no key to it.",
    ),
    "crypto.damaged": _quarantine(
        "The record is damaged",
        "The record was altered or cut short on its way ({reason}).",
    ),
    "crypto.bad_record": _quarantine(
        "The record is not written as it must be",
        "The record opened, but what is inside does not follow the rules ({reason}).",
    ),
    "crypto.record_too_large": _quarantine(
        "The record is too large",
        "The record unpacks to more than this device accepts.",
    ),
    "crypto.wrong_org": _quarantine(
        "Another organisation's record",
        "The record belongs to another organisation.",
    ),
    "crypto.unknown_author": _quarantine(
        "Unknown author",
        "The record is signed by a device that is not in your organisation's list.",
    ),
    "crypto.author_not_active": _quarantine(
        "The author had no right to write then",
        "The device that signed this record was not active at the time the record names.",
    ),
    "crypto.role_not_allowed": _quarantine(
        "The author may not write this",
        "A record of this kind may only be written by a supervisor.",
    ),
    "crypto.future_epoch": Entry(
        409,
        "This device's list of devices is out of date",
        "The record was written after a change in the list of devices that this device has not seen yet.",
        "Nothing is lost. The record waits.",
        "Sync again.",
        retry=True,
    ),
    "crypto.unknown_form_version": _quarantine(
        "Unknown form version",
        "The record was filled in on a version of the form that was never published here.",
    ),
    "crypto.wrong_recipients": _quarantine(
        "Locked for the wrong people",
        "The people this record was locked for are not the ones its author named.",
    ),
    "crypto.manifest_mismatch": _quarantine(
        "The record is not the one announced",
        "The record's author, number or time does not fit what was announced about it.",
    ),
    "crypto.damaged_attachment": _quarantine(
        "A photo or file is damaged",
        "An attached file was altered or cut short on its way.",
    ),
    "crypto.no_recipients": Entry(
        500,
        "Nobody could open this",
        "There is nobody this record may be locked for.",
        "Nothing is lost; the record stays on this device.",
        "Sync to get the list of devices, then try again.",
    ),
    "crypto.platform_too_weak": Entry(
        500,
        "This device is too old to keep data safe",
        "The device lacks what Doorstep needs to lock data ({missing}).",
        _NOTHING_LOST,
        "Update the device and the app, or use another device.",
    ),
    "crypto.clock_wrong": Entry(
        409,
        "The clock of this device is wrong",
        "The device says it is {now}, which cannot be true.",
        _NOTHING_LOST,
        "Set the date and time of the device, then start Doorstep again.",
    ),
}
