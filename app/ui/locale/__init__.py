"""Translations: `<language>/LC_MESSAGES/<domain>.po` and their compiled `.mo`; `build` keeps both up to
date.
"""
