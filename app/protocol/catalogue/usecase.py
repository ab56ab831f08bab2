"""Problems of the use cases: what a person asked for and could not be done."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {
    "usecase.no_such_profile": Entry(
        404,
        "This profile is not on this tablet",
        "The profile that was chosen is no longer on this tablet.",
        "Nothing is lost: what was sent is with your supervisor.",
        "Choose another profile, or ask your supervisor to enrol this tablet again.",
    ),
    "usecase.no_programme": Entry(
        409,
        "No forms on this tablet yet",
        "The forms of your programme have not reached this tablet.",
        "Nothing is lost.",
        "Go where there is a connection and press Sync.",
    ),
    "usecase.no_such_form": Entry(
        404,
        "This form is not on this tablet",
        "The form “{form}” (version {version}) has not reached this tablet.",
        "Nothing is lost: the record stays as it is.",
        "Press Sync when there is a connection, then open it again.",
    ),
    "usecase.no_such_record": Entry(
        404,
        "This record is not here",
        "The record that was asked for is not on this device.",
        "Nothing is lost.",
        "Press Sync, then look in the list again.",
    ),
    "usecase.no_such_draft": Entry(
        404,
        "This draft is not here any more",
        "The draft was finished or thrown away in another window.",
        "Finished records are in the list “Sent”.",
        "Go back and look in the list “Sent”.",
    ),
    "usecase.no_household": Entry(
        404,
        "This household is not here",
        "The household that was asked for is not on this device.",
        "Nothing is lost.",
        "Press Sync, then search for it again.",
    ),
    "usecase.no_tenancy": Entry(
        409,
        "No home to visit yet",
        "This household has no running tenancy, and a visit belongs to one.",
        "Nothing is lost.",
        "Ask your supervisor to record the move first.",
    ),
    "usecase.not_yours_to_correct": Entry(
        403,
        "This record is not open for correction",
        "Only a record that your supervisor sent back can be corrected here.",
        "Nothing is lost: the record stays as it was sent.",
        "Ask your supervisor to send it back with a comment.",
    ),
    "usecase.supervisors_only": Entry(
        403,
        "Only a supervisor can do this",
        "Reviewing records is open to supervisors only.",
        "Nothing has been changed.",
        "Unlock the profile of a supervisor.",
    ),
    "usecase.already_reviewed": Entry(
        409,
        "There is a newer version of this record",
        "While you were reading, a correction of this record arrived.",
        "Your comments are kept.",
        "Open the record again, read the newer version, then decide.",
    ),
    "usecase.nothing_to_send_back": Entry(
        400,
        "Say what should be corrected",
        "A record that is sent back needs at least one comment or a note.",
        "Nothing has been changed.",
        "Write a comment at a question, or a note for the whole record.",
    ),
    "usecase.form_changed": Entry(
        409,
        "This form cannot open this draft",
        "The draft was written with a version of the form that does not fit the one on this tablet.",
        "Nothing is lost: the draft stays as it is.",
        "Press Sync; if it still does not open, show this message to your supervisor.",
    ),
    "usecase.unexpected": Entry(
        500,
        "Something went wrong here",
        "The app met a mistake of its own ({kind}).",
        "What you typed is saved up to the last answer.",
        "Go back and try again. If it happens again, tell your supervisor what you pressed.",
    ),
}
