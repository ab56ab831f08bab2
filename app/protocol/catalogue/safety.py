"""Problems of the safety net: taking over another profile's work, drafts that come home, a removed tablet."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {
    "safety.other_organisation": Entry(
        409,
        "This work belongs to another organisation",
        "The profile that was chosen is enrolled with another organisation than yours.",
        "Nothing is lost: it stays where it is.",
        "Ask the person whose profile it is to be enrolled again with their own organisation.",
    ),
    "safety.bad_box": Entry(
        422,
        "Drafts from another tablet cannot be opened",
        "A package of drafts arrived that is damaged or not what it should be.",
        "Finished records are not affected.",
        "Tell the person whose drafts these are to look at them on the old tablet, if it can still be unlocked.",
    ),
}
