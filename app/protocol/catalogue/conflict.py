"""Problems of merging two versions of a record."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {
    "conflict.none": Entry(
        409,
        "There is nothing to merge any more",
        "This record has one version only: somebody has merged it, or it was never in conflict.",
        "Nothing is lost: every earlier version is kept in its history.",
        "Go back to the list and open the record again.",
    ),
    "conflict.not_yours": Entry(
        403,
        "A supervisor will merge these versions",
        "Versions are merged by a supervisor, or by whoever wrote one of them.",
        "Nothing is lost: both versions are kept.",
        "There is nothing for you to do.",
    ),
    "conflict.undecided": Entry(
        400,
        "Some answers still need a decision",
        "The two versions differ in answers for which nothing has been chosen yet.",
        "Your choices are kept.",
        "Choose one of the two answers at each question, or write another one.",
    ),
    "conflict.moved": Entry(
        409,
        "Another version has arrived",
        "While you were choosing, the versions of this record changed.",
        "Nothing is lost: every version is kept.",
        "Look at the versions again, then choose.",
    ),
    "conflict.merge_first": Entry(
        409,
        "This record has two versions",
        "Two people corrected it at the same time. A decision about one version would leave the other open.",
        "Nothing is lost: both versions are kept, and so are your comments.",
        "Merge the versions first, then decide.",
    ),
    "conflict.other_forms": Entry(
        409,
        "These versions cannot be merged",
        "The versions of this record were made with different forms.",
        "Nothing is lost: both versions are kept.",
        "Ask whoever publishes the forms. Reject the record only if none of it may count.",
    ),
}
