"""The people and devices of the organisation, for supervisors: invite, compare six words, remove."""
