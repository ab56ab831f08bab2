"""Problems of the server area: what the server answers, and what a client finds wrong with its answers."""

from app.protocol.errors import Entry

_KEPT = "Nothing is lost. What was not sent stays on this device."
_AGAIN = "Wait a little; it will be sent by itself."
_SYNC = "Sync again. If it keeps happening, tell the person who looks after Doorstep."
_TELL = "Tell the person who looks after Doorstep."
_STOP = (
    "Keep this device as it is and do not remove anything from it. "
    "Tell the person who looks after Doorstep before you go on."
)


def _broken(title: str, happened: str, status: int = 400) -> Entry:
    """The two programs do not understand each other: a person can only pass it on."""
    return Entry(status, title, happened, _KEPT, f"Update the app. If that does not help: {_TELL.lower()}")


def _alarm(title: str, happened: str) -> Entry:
    return Entry(409, title, happened, "Nothing on this device is lost or changed.", _STOP)


ENTRIES: dict[str, Entry] = {
    # -- a message that is not as it must be
    "server.malformed": _broken(
        "The message is not understood", "A message is not written as it must be ({part})."
    ),
    "server.media_type": _broken("The message is not understood", "The message is of a wrong kind.", 415),
    "server.protocol_version": _broken(
        "App and server do not fit together",
        "This app and the server speak different versions ({ours} and {theirs}).",
        400,
    ),
    "server.too_many": _broken("Too much at once", "A message holds more than {limit} items.", 413),
    "server.too_large": _broken("Too much at once", "A message is larger than {limit} bytes.", 413),
    "server.length_required": _broken(
        "The message is not understood", "The message does not say its length.", 411
    ),
    "server.object_too_large": Entry(
        413,
        "The file is too large",
        "One file is larger than the server takes ({limit} bytes).",
        _KEPT,
        "Take a smaller photo or a shorter recording, or ask whether the limit can be raised.",
    ),
    "server.not_found": _broken("Not found", "The server has nothing at this address.", 404),
    "server.method": _broken("Not possible here", "The server does not do that at this address.", 405),
    # -- who is asking
    "server.unsigned": _broken("The request is not signed", "The server answers only devices it knows.", 401),
    "server.signature_malformed": _broken(
        "The signature is not understood",
        "The request's signature is not written as it must be ({reason}).",
        401,
    ),
    "server.signature_wrong": Entry(
        401,
        "The server does not recognise this device",
        "The request is not signed by the key that the organisation knows for this device.",
        _KEPT,
        "Ask a supervisor to enrol this device again.",
    ),
    "server.digest_wrong": Entry(
        400,
        "The message was altered on its way",
        "What arrived is not what was signed.",
        _KEPT,
        _SYNC,
        retry=True,
    ),
    "server.clock_skew": Entry(
        401,
        "The clocks do not agree",
        "The clock of this device and the server's are too far apart.",
        _KEPT,
        "The app allows for it and tries again. If the device shows a wrong date, please set it right.",
        retry=True,
    ),
    "server.replayed": Entry(
        401,
        "Seen before",
        "The very same request arrived twice; the second one was refused.",
        _KEPT,
        _SYNC,
        retry=True,
    ),
    "server.device_unknown": Entry(
        403,
        "This device is not enrolled",
        "The server does not find this device in the organisation's list.",
        _KEPT,
        "Ask a supervisor to enrol it.",
    ),
    "server.device_revoked": Entry(
        403,
        "This device was removed",
        "A supervisor has removed this device from the organisation.",
        "What was finished here can still be handed over; it stays locked for your supervisors.",
        "Speak with your supervisor.",
    ),
    "server.not_allowed": Entry(
        403,
        "Only a supervisor may do this",
        "The server refused a step that is the supervisors'.",
        _KEPT,
        _TELL,
    ),
    "server.workspace_unknown": Entry(
        404,
        "The server does not know this organisation",
        "At this address there is no organisation with that name.",
        _KEPT,
        "Check the server's address with a supervisor.",
    ),
    "server.workspace_exists": Entry(
        409, "The organisation is already set up", "The server holds this organisation already.", _KEPT, _TELL
    ),
    "server.setup_refused": Entry(
        403,
        "The set-up code is not right",
        "The set-up code is wrong or has been used.",
        _KEPT,
        "Ask the server's owner for a new one.",
    ),
    "server.invite_unknown": Entry(
        404,
        "The invitation is not known",
        "The invitation code is wrong, used up or too old.",
        "Nothing is lost.",
        "Ask the supervisor to show a new code.",
    ),
    "server.invite_used": Entry(
        409,
        "The invitation has been used",
        "Another device has answered this invitation already.",
        "Nothing is lost.",
        "Ask the supervisor to show a new code, and tell them: somebody else may have seen the first one.",
    ),
    # -- entries and objects
    "server.entry_signature": _broken(
        "A record is not signed as it must be",
        "The record's outer signature does not belong to its device.",
        422,
    ),
    "server.sequence_gap": Entry(
        409,
        "A record came too early",
        "The server expects record number {expected} of this device first.",
        _KEPT,
        _SYNC,
        retry=True,
    ),
    "server.sequence_conflict": Entry(
        409,
        "Two different records with one number",
        "The server already has another record with this number from this device. "
        "Perhaps an old copy of this device's data was put back, or the device exists twice.",
        _KEPT,
        _STOP,
    ),
    "server.chain_broken": Entry(
        409,
        "A record does not follow the one before",
        "The record does not continue what the server has from this device.",
        _KEPT,
        _STOP,
    ),
    "server.epoch_unknown": Entry(
        409,
        "The record is newer than the server's list of devices",
        "The record names a state of the organisation that the server has not seen yet.",
        _KEPT,
        _SYNC,
        retry=True,
    ),
    "server.audience_unknown": Entry(
        422, "A reader is not known", "The record names a device that is not in the list.", _KEPT, _SYNC
    ),
    "server.size_mismatch": _broken(
        "The size is not right", "An object has another size than announced.", 422
    ),
    "server.object_missing": Entry(
        409,
        "The file has not arrived yet",
        "The server does not have the whole file that the record names.",
        _KEPT,
        _AGAIN,
        retry=True,
    ),
    "server.object_corrupt": Entry(
        422,
        "The file was damaged on its way",
        "The file that arrived is not the one announced; it was thrown away.",
        _KEPT,
        "It will be sent again from the start.",
        retry=True,
    ),
    "server.object_damaged": Entry(
        500,
        "The server's copy is damaged",
        "The server holds this file, but its copy is damaged.",
        "Other copies may be whole: the device that sent it, or the server's backup.",
        _TELL,
    ),
    "server.object_unknown": Entry(
        404,
        "There is no such file for this device",
        "The server has no such file for this device.",
        _KEPT,
        _SYNC,
    ),
    "server.offset_mismatch": Entry(
        409,
        "The upload goes on elsewhere",
        "The server has {offset} bytes of this file.",
        _KEPT,
        _AGAIN,
        retry=True,
    ),
    "server.range": _broken("Not that part", "The file does not have the part that was asked for.", 416),
    "server.quota": Entry(
        429,
        "Too many unfinished uploads",
        "This device has begun to send more files than the server keeps at once.",
        _KEPT,
        _AGAIN,
        retry=True,
    ),
    "server.tree_size": _broken("The log is not that long", "The log has {size} entries.", 400),
    # -- the server is busy or ill
    "server.rate": Entry(
        429,
        "Too many requests",
        "This device asks more often than the server allows.",
        _KEPT,
        _AGAIN,
        retry=True,
    ),
    "server.too_slow": Entry(
        408, "The connection is too slow", "The message did not arrive in time.", _KEPT, _AGAIN, retry=True
    ),
    "server.busy": Entry(
        503, "The server is busy", "The server cannot take this right now.", _KEPT, _AGAIN, retry=True
    ),
    "server.storage": Entry(
        503,
        "The server cannot store anything right now",
        "The server's disk or database does not work right now.",
        _KEPT,
        f"{_AGAIN} If it lasts: {_TELL.lower()}",
        retry=True,
    ),
    "server.insecure": Entry(
        421,
        "The connection is not protected",
        "The server was called without encryption, and refused.",
        _KEPT,
        "Use the address that begins with https.",
    ),
    "server.internal": Entry(
        500, "The server made a mistake", "Something went wrong on the server.", _KEPT, _SYNC, True
    ),
    # -- what a client finds wrong with a server
    "server.bad_checkpoint": _alarm(
        "The server's signature is not right",
        "The state of the log is not signed by the server this device was enrolled with ({reason}).",
    ),
    "server.bad_proof": _alarm(
        "The server's proof is not right",
        "The server could not prove what it said about the records ({reason}).",
    ),
    "server.fork": _alarm(
        "The server's history has changed",
        "The server shows another history than before ({reason}). "
        "Records may have been removed or replaced there.",
    ),
    "server.dropped": _alarm(
        "The server kept a record back",
        "A record that is addressed to this device was not delivered.",
    ),
}
