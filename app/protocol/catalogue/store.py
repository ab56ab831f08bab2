"""Problems of the encrypted store on the device."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {
    "store.disk_full": Entry(
        status=507,
        title="This device is full",
        happened="There is no room left on this device, so the last step could not be saved.",
        lost="Everything saved before is safe. Only the answer you just typed is not stored yet.",
        todo="Free some room (delete photos or unused apps), or synchronise so that finished visits can be "
        "cleared. Then go on: the form is still open.",
        retry=True,
    ),
    "store.read_only": Entry(
        status=503,
        title="This device refuses to save",
        happened="The place where the visits are kept cannot be written to.",
        lost="Nothing saved before is lost, and you can still read it. New answers cannot be saved.",
        todo="Restart the device. If it happens again, take it to your supervisor before the next visit.",
        retry=True,
    ),
    "store.busy": Entry(
        status=503,
        title="Another window is saving",
        happened="The same account is open in another window, which was saving for too long.",
        lost="Nothing saved is lost. The last step was not saved.",
        todo="Close the other window and try again.",
        retry=True,
    ),
    "store.io": Entry(
        status=503,
        title="Saving failed",
        happened="The device reported an error while saving ({reason}).",
        lost="Everything saved before is safe. The last step was not saved.",
        todo="Try again. If it happens again, restart the device and tell your supervisor.",
        retry=True,
    ),
    "store.cannot_open": Entry(
        status=503,
        title="The visits on this device cannot be opened",
        happened="The file with your visits is missing or cannot be reached.",
        lost="Visits that were received by the server are safe there. Nothing on this device was changed.",
        todo="If the visits are kept on a memory card, put it back. Otherwise ask your supervisor.",
    ),
    "store.damaged": Entry(
        status=500,
        title="Some visits on this device are damaged",
        happened="The file with your visits does not pass its check.",
        lost="Visits that were received by the server are safe there. Nothing on this device was deleted.",
        todo="Do not remove the app. Take the device to your supervisor, who can bring the visits back.",
    ),
    "store.row_damaged": Entry(
        status=500,
        title="One entry on this device is damaged",
        happened="One saved entry ({table}) does not pass its check and cannot be shown.",
        lost="The other entries are not affected. If the visit was received by the server it is safe there.",
        todo="Go on working. Synchronise when you can, and tell your supervisor.",
    ),
    "store.closed": Entry(
        status=409,
        title="The app is locked",
        happened="This account was locked while something was still being done.",
        lost="Everything saved before is safe.",
        todo="Unlock the account with your passphrase and go on.",
    ),
    "store.wrong_key": Entry(
        status=403,
        title="These visits belong to another account",
        happened="The key of this account does not open the visits kept here.",
        lost="Nothing was changed.",
        todo="Choose your own account on the first screen, or ask your supervisor.",
    ),
    "store.newer_schema": Entry(
        status=409,
        title="This app is too old for the visits kept here",
        happened="The visits on this device were saved by a newer version of the app.",
        lost="Nothing was changed.",
        todo="Install the current version of the app again.",
    ),
    "store.outbox_full": Entry(
        status=507,
        title="Too many visits wait to be sent",
        happened="{waiting} finished visits wait to be sent, and no more fit until you synchronise.",
        lost="Nothing is lost. This visit stays as a draft, with every answer.",
        todo="Synchronise as soon as you have a connection, then finish this visit.",
    ),
    "store.not_found": Entry(
        status=404,
        title="This entry is no longer here",
        happened="The {what} you asked for is not on this device.",
        lost="Nothing was changed.",
        todo="Go back to the list and choose again.",
    ),
    "store.unknown_profile": Entry(
        status=404,
        title="This account is not on this device",
        happened="There is no such account on this device.",
        lost="Nothing was changed.",
        todo="Go back to the first screen and choose an account, or ask your supervisor to add you.",
    ),
    "store.profile_exists": Entry(
        status=409,
        title="This account is already on this device",
        happened="An account with the same name was set up here before.",
        lost="Nothing was changed.",
        todo="Unlock the existing account with its passphrase.",
    ),
    "store.locked_out": Entry(
        status=429,
        title="Too many wrong passphrases",
        happened="The passphrase was wrong {tries} times, so this account waits {wait} seconds.",
        lost="Nothing is lost.",
        todo="Wait, then type the passphrase calmly. If you forgot it, your supervisor can help you without "
        "losing your visits.",
        retry=True,
    ),
}
