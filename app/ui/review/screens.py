"""The doors that app.ui.nav knows: the queue, a submission, and two versions of one being merged."""

from app.ui.review.merge import screen as merge
from app.ui.review.queue import screen as queue
from app.ui.review.record import screen as submission

__all__ = ["merge", "queue", "submission"]
