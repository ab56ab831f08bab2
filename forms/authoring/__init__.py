"""Tools for whoever writes and publishes forms. Tablets never import this package.

`compile_xlsform` turns an XLSForm into an XForm; `check_xlsform` also says what would trouble its users.
"""

from forms.authoring.check import Finding, check_xlsform
from forms.authoring.compiling import Compiled, compile_markdown, compile_xlsform

__all__ = ["Compiled", "Finding", "check_xlsform", "compile_markdown", "compile_xlsform"]
