"""Problems of the form area."""

from app.protocol.errors import Entry

_KEPT = "Nothing that was entered is lost."

ENTRIES: dict[str, Entry] = {
    "form.broken": Entry(
        status=422,
        title="This form cannot be opened",
        happened="The form has a mistake in it: {found} ({place}).",
        lost="Records made with other forms, or with earlier versions of this one, are not touched.",
        todo="Tell whoever publishes the forms. For them: {mend}",
    ),
    "form.not_an_xlsform": Entry(
        status=422,
        title="This file is not a form",
        happened="{place} could not be read as an XLSForm: {found}.",
        lost="Nothing was changed.",
        todo="{mend}",
    ),
    "form.author_mistake": Entry(
        status=422,
        title="The form needs mending before it can be published",
        happened="{place}: {found}.",
        lost="The form in use stays as it is.",
        todo="{mend}",
    ),
    "form.author_tools_missing": Entry(
        status=501,
        title="Forms cannot be compiled on this device",
        happened="The tools that turn a spreadsheet into a form are not installed here.",
        lost="Nothing was changed.",
        todo="Publish the form from a computer where the author tools are installed.",
    ),
    "form.list_missing": Entry(
        status=409,
        title="A list of this form is not here yet",
        happened="The form needs the list “{name}”, and this device has not received it.",
        lost=_KEPT,
        todo="Sync when there is a connection, then open the form again.",
    ),
    "form.submission_unreadable": Entry(
        status=422,
        title="This record cannot be shown in its form",
        happened="The answers could not be read: {found} ({place}).",
        lost="The record itself is kept as it was received.",
        todo="Show it to your supervisor; they can still export it.",
    ),
    "form.other_form": Entry(
        status=409,
        title="These answers belong to another form",
        happened="The answers are of the form “{found}”, but this is “{expected}”.",
        lost=_KEPT,
        todo="Open them with the form they were made with.",
    ),
    "form.incomplete": Entry(
        status=409,
        title="Some answers still need your attention",
        happened="{count} questions are not answered, or their answers are not accepted.",
        lost=_KEPT,
        todo="Go to the marked questions. You can leave the form and finish it later.",
    ),
    "form.answer_refused": Entry(
        status=409,
        title="This cannot be answered here",
        happened="The form has no place for an answer at {place}.",
        lost=_KEPT,
        todo="Go back and open the question again.",
    ),
    "form.encryption_asked": Entry(
        status=422,
        title="The form asks for another kind of encryption",
        happened="The form carries a public_key for ODK encryption.",
        lost="Nothing was changed. Records are always encrypted here, to the organisation's own readers.",
        todo="Remove public_key from the settings sheet and publish the form again.",
    ),
}
