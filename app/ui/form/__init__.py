"""Filling in a form: one section at a time, every answer kept, nothing typed ever lost."""

from app.ui.form.screen import screen

__all__ = ["screen"]
