"""Joining: what a tablet shows before its person can unlock it, from the invitation to the first sync.

`app.ui.enrol.door.door(c)` is the whole window while nobody has unlocked: the list of profiles, or a step of joining.
`app.ui.enrol.model.joining_of(desk)` opens the steps from elsewhere (`start()`, `resume(profile, passphrase)`).
"""
