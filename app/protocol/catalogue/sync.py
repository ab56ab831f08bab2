"""Problems of synchronising, as the tablet or the supervisor's machine sees them."""

from app.protocol.errors import Entry

_SAFE = "Nothing is lost. Everything stays on this device and will be sent later."
_LATER = "You can go on working. Synchronise again when you have a better connection."
_TELL = "Tell the person who looks after Doorstep in your organisation."

ENTRIES: dict[str, Entry] = {
    "sync.server_away": Entry(
        status=503,
        title="No connection to the server",
        happened="The server could not be reached, or the connection was cut.",
        lost=_SAFE,
        todo=_LATER,
        retry=True,
    ),
    "sync.not_our_server": Entry(
        status=502,
        title="Something else answered",
        happened="Something answered that is not your organisation's server ({reason}). Often this is the "
        "sign-in page of a public Wi-Fi, or the server's address is wrong.",
        lost="Nothing is lost, and nothing readable was sent.",
        todo="Open a web page to see whether this Wi-Fi wants you to sign in, or use another connection. "
        "If it happens everywhere, ask your supervisor to check the server's address.",
    ),
    "sync.garbled": Entry(
        status=502,
        title="The answer cannot be read",
        happened="What the server answered arrived damaged or incomplete.",
        lost=_SAFE,
        todo=_LATER + " If it happens everywhere, update the app.",
        retry=True,
    ),
    "sync.tls": Entry(
        status=502,
        title="The connection is not safe",
        happened="The server could not prove who it is, so nothing was sent.",
        lost=_SAFE,
        todo="Check the date and time of this device and try another connection. " + _TELL,
    ),
    "sync.insecure_address": Entry(
        status=400,
        title="This address is not protected",
        happened="The server's address {address} begins with http and would be readable on the way.",
        lost=_SAFE,
        todo="Use the address that begins with https. Your supervisor knows it.",
    ),
    "sync.bad_address": Entry(
        status=400,
        title="This is not a server address",
        happened="The address {address} cannot be used.",
        lost=_SAFE,
        todo="Ask your supervisor for the server's address; it begins with https.",
    ),
    "sync.not_enrolled": Entry(
        status=409,
        title="This account cannot synchronise yet",
        happened="This account does not know its organisation's server.",
        lost=_SAFE,
        todo="Ask your supervisor to enrol this device.",
    ),
    "sync.busy": Entry(
        status=409,
        title="Synchronising already",
        happened="A synchronisation is running in another window.",
        lost="Nothing is lost.",
        todo="Wait until it has finished.",
    ),
    "sync.refused": Entry(
        status=502,
        title="The server refused",
        happened="The server refused something, and this version of the app does not know why ({reason}).",
        lost=_SAFE,
        todo="Update the app and synchronise again. If that does not help: " + _TELL.lower(),
    ),
    "sync.device_revoked": Entry(
        status=403,
        title="This device was removed from the organisation",
        happened="A supervisor has removed this device. Finished visits were handed over, still locked.",
        lost="{unsent} finished visits could not be handed over. Drafts are still on this device.",
        todo="Speak with your supervisor.",
    ),
    "sync.set_back": Entry(
        status=409,
        title="This device had been set back to an earlier state",
        happened="The server has {forgotten} entries from this device that it had forgotten itself: an earlier copy "
        "of its file was put back. It goes on with fresh numbers; {renumbered} waiting visits were signed again.",
        lost="Everything that was sent is safe and comes back. What was written after the copy was made and never "
        "sent is missing here.",
        todo="Look through your drafts: one that was finished already may be here again, and can be thrown away. Tell "
        "your supervisor, and find out who put the copy back.",
    ),
    "sync.altered": Entry(
        status=422,
        title="A record was altered on the server",
        happened="A record that arrived is not the one its author sent.",
        lost="Nothing of yours is lost. The record was set aside and nothing was taken from it.",
        todo="Synchronise again later; if the record stays altered, its author can send it again. " + _TELL,
        retry=True,
    ),
    "sync.object_missing": Entry(
        status=404,
        title="A record has not arrived",
        happened="The server announced a record but does not give it.",
        lost="Nothing of yours is lost.",
        todo="Synchronise again later; it will be asked for again.",
        retry=True,
    ),
    "sync.repeated": Entry(
        status=422,
        title="A record came a second time",
        happened="The server delivered a record again under another number.",
        lost="Nothing is lost. The second copy was set aside.",
        todo=_TELL,
    ),
    "sync.chain_broken": Entry(
        status=422,
        title="A record does not follow the one before",
        happened="A record does not continue what its author sent before.",
        lost="Nothing of yours is lost. The record was set aside.",
        todo=_TELL,
    ),
    "sync.revision_taken": Entry(
        status=422,
        title="Two different records with one name",
        happened="A record arrived under the name of another record that is already here.",
        lost="Nothing is lost. The first one was kept, the second one was set aside.",
        todo=_TELL,
    ),
}
