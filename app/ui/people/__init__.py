"""People and devices, for supervisors: who is here with which tablet, inviting, letting in, removing.

Places: `people` (the list), `invite` (whom to invite), `invitation` (one invitation, from its QR code to being let in).
"""
