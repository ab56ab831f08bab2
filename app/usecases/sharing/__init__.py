"""Who may read: sealing records again for a new device, a new supervisor, a household's new visitor.

The author's signature, the revision and its place in the order survive; files are never sealed again. Nothing is
sealed to anybody but active devices of the roster, and only supervisors' devices seal again.
"""

from app.usecases.sharing.views import Sharing, SharingJob
from app.usecases.sharing.work import (
    BUDGET,
    continue_sharing,
    share_households,
    sharing_status,
    start_sharing,
)

__all__ = [
    "BUDGET",
    "Sharing",
    "SharingJob",
    "continue_sharing",
    "share_households",
    "sharing_status",
    "start_sharing",
]
