"""What a component of the form listens to.

A component that takes a `Topic` among its arguments is rendered again whenever it is fired, and forgets it when it
leaves the screen: Flet subscribes arguments that are observable while it renders, so nothing fired between the
rendering and the mounting is missed. Topics carry no data: the component reads its model.
"""

import flet as ft


class Topic(ft.Observable):
    """Fire on the page's event loop only."""

    def fire(self) -> None:
        self.notify()
