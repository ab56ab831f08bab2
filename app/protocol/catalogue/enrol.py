"""Problems of enrolment: a tablet joins, a supervisor lets it in, devices change."""

from app.protocol.errors import Entry

_NOTHING_LOST = "Nothing is lost."
_NOTHING_DONE = "Nothing has been changed."
_KEPT = "Nothing is lost: the keys of this tablet are kept."
_TELL = "Stop here and tell the person who looks after Doorstep: somebody may be interfering."

ENTRIES: dict[str, Entry] = {
    # -- codes
    "enrol.bad_code": Entry(
        422,
        "The code is not complete",
        "A character of the code is wrong or missing.",
        _NOTHING_LOST,
        "Copy the whole code again, from its first to its last character, or read the QR code.",
    ),
    "enrol.other_code": Entry(
        422,
        "This is another code",
        "The code is whole, but it belongs to another step.",
        _NOTHING_LOST,
        "An invitation begins with DOORSTEP-INVITE, a tablet's request with DOORSTEP-REQUEST, "
        "its answer with DOORSTEP-ANSWER.",
    ),
    "enrol.wrong_version": Entry(
        422,
        "The code comes from another version of Doorstep",
        "This app cannot read a code of that version.",
        _NOTHING_LOST,
        "Update the app on both devices, then make a new code.",
    ),
    "enrol.no_reader": Entry(
        501,
        "This device cannot read QR codes from pictures",
        "The part that reads QR codes is not installed here.",
        _NOTHING_LOST,
        "Copy the code as text and paste it.",
    ),
    # -- the tablet's side
    "enrol.wrong_root": Entry(
        409,
        "The server belongs to another organisation",
        "What the server shows was not begun by the organisation that invited you.",
        _NOTHING_LOST,
        _TELL,
    ),
    "enrol.bad_answer": Entry(
        422,
        "The answer is not for this tablet",
        "The answer was not made by the supervisor for this tablet and this invitation ({reason}).",
        _KEPT,
        "Check the code. If it came by itself, tell the supervisor and ask for a new invitation.",
    ),
    "enrol.not_in_roster": Entry(
        409,
        "The organisation's list does not have this tablet",
        "The supervisor has answered, and the list of devices that the server shows does not name this tablet.",
        _KEPT,
        "Try again in a few minutes. If it stays so, ask the supervisor for a new invitation.",
    ),
    "enrol.other_keys": Entry(
        409,
        "The organisation's list has other keys for this tablet",
        "The list of devices names this tablet with keys or a role that are not its own.",
        _KEPT,
        _TELL,
    ),
    "enrol.signer_not_active": Entry(
        409,
        "Whoever answered is no supervisor",
        "The answer is signed by somebody who is not an active supervisor in the organisation's list.",
        _KEPT,
        _TELL,
    ),
    "enrol.not_answered": Entry(
        409,
        "The supervisor has not answered yet",
        "This tablet waits until the supervisor has compared the six words.",
        _KEPT,
        "Read the six words to your supervisor and wait, or check again.",
    ),
    "enrol.not_finished": Entry(
        409,
        "This person is still joining",
        "The supervisor has not signed the keys of this person yet.",
        _KEPT,
        "Open the person again and go on with joining.",
    ),
    "enrol.not_pending": Entry(
        409,
        "This person has joined already",
        "Nothing is left to be done for joining.",
        _NOTHING_LOST,
        "Unlock with the passphrase.",
    ),
    # -- the supervisor's side
    "enrol.unknown_invitation": Entry(
        404,
        "This invitation is not here",
        "This device did not make the invitation, or it was withdrawn.",
        _NOTHING_DONE,
        "Look in the list of invitations, or make a new one.",
    ),
    "enrol.expired": Entry(
        409,
        "The invitation has expired",
        "The time in which the invitation could be used is over.",
        _NOTHING_DONE,
        "Make a new invitation, or ask the supervisor for one.",
    ),
    "enrol.withdrawn": Entry(
        409,
        "The invitation was withdrawn",
        "An invitation that was withdrawn lets nobody in any more.",
        _NOTHING_DONE,
        "Make a new invitation.",
    ),
    "enrol.already_approved": Entry(
        409,
        "The tablet has been let in already",
        "The invitation has been used, and the tablet is in the organisation's list.",
        _NOTHING_DONE,
        "To take it out again, remove the device.",
    ),
    "enrol.no_offer": Entry(
        409,
        "No tablet has answered the invitation yet",
        "The six words appear here as soon as a tablet has read the invitation.",
        _NOTHING_DONE,
        "Let the tablet read the invitation, then look again.",
    ),
    "enrol.bad_offer": Entry(
        422,
        "What arrived does not come from the invited tablet",
        "The keys that the server handed over were not made with this invitation.",
        _NOTHING_DONE,
        "Withdraw the invitation and make a new one. If it happens again, tell whoever looks after the server.",
    ),
    "enrol.offer_changed": Entry(
        409,
        "Two tablets answered the same invitation",
        "The keys that came now are not the ones whose six words were shown before.",
        _NOTHING_DONE,
        "Withdraw the invitation and make a new one: somebody else may have seen the first.",
    ),
    "enrol.unknown_member": Entry(
        404,
        "This person is not in the list",
        "Nobody in the organisation's list of devices has this mark.",
        _NOTHING_DONE,
        "Press Sync, then look in the list again.",
    ),
    "enrol.no_name": Entry(
        422,
        "A name is missing",
        "Whoever joins needs a name that colleagues recognise.",
        _NOTHING_DONE,
        "Write the name, then try again.",
    ),
    "enrol.not_yourself": Entry(
        409,
        "Not on this device itself",
        "A supervisor cannot remove or change the very device they are using.",
        _NOTHING_DONE,
        "Ask another supervisor to do it.",
    ),
}
