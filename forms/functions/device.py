"""Functions about the device and the form itself, as Collect offers them."""

from forms.functions.context import EvaluationContext
from forms.functions.registry import function


@function("version", needs_context=True)
def version(context: EvaluationContext) -> str:
    """The version of the form."""
    return context.form_version


@function("property", "string", needs_context=True)
def device_property(context: EvaluationContext, name: str) -> str:
    """A property such as deviceid, username, phonenumber or email; "" where it is not known."""
    return context.property(name)
