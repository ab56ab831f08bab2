"""The doors that app.ui.nav knows: the queue, and a submission."""

from app.ui.review.queue import screen as queue
from app.ui.review.record import screen as submission

__all__ = ["queue", "submission"]
