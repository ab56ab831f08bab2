"""Words for the codes that the entity lists hold about people. An unknown code is shown as it is written."""

from app.ui.ctx import Ctx
from app.ui.i18n import N_

HERE = ("", "present")
CODES = {
    "head": N_("reference person"),
    "partner": N_("husband, wife or partner"),
    "child": N_("son or daughter"),
    "stepchild": N_("child in care"),
    "child_inlaw": N_("son- or daughter-in-law"),
    "grandchild": N_("grandchild"),
    "parent": N_("parent or parent-in-law"),
    "sibling": N_("brother or sister"),
    "other_rel": N_("other relative"),
    "not_rel": N_("not related"),
    "moved": N_("moved out"),
    "died": N_("died"),
}


def coded(c: Ctx, code: str) -> str:
    """The code in the page's language."""
    return c._(CODES[code]) if code in CODES else code.replace("_", " ")
