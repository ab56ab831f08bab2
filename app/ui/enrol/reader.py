"""Reading the invitation's QR code: with the camera where there is one, or from a picture of it.

Where nothing here can read a code from an image the page says so calmly: the device's own camera app reads the
code too, and its text can be copied.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from app.protocol.errors import Problem
from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.enrol.model import JoiningModel
from app.ui.guard import log_defect, part
from app.ui.ids import tag
from app.ui.pieces import button, card, col, dim, note, row, wrap
from app.ui.theme import R_FIELD, S3, S4, SUNK

Icons = ft.Icons
MOST_BYTES = 12 * 1024 * 1024
LOOK_S = 0.7  # between two pictures of the camera
HEIGHT = 320


def new_camera() -> Any:
    """The camera control, None where this platform has none."""
    try:
        from flet_camera import Camera
    except ImportError:
        return None
    return Camera(preview_enabled=True)


def camera_here(page: Any) -> bool:
    """flet-camera works in a browser, on Android and on iOS."""
    mobile = getattr(getattr(page, "platform", None), "is_mobile", lambda: False)
    return bool(getattr(page, "web", False) or mobile())


@part
def reader(c: Ctx, model: JoiningModel) -> ft.Control:
    """Two buttons; the camera's picture while it looks; what to do where it cannot."""
    looking, look = ft.use_state(False)
    trouble, say = ft.use_state("")
    picker = ft.use_ref(lambda: ft.FilePicker())

    async def choose() -> None:
        say("")
        files = await picker.current.pick_files(
            file_type=ft.FilePickerFileType.IMAGE, with_data=True, dialog_title=c._("Picture of the code")
        )
        if files:
            say(await from_picture(c, model, files[0].bytes or b""))

    def ended(words: str) -> None:
        look(False)
        say(words)

    def begin() -> None:
        say("")
        look(True)

    parts: list[ft.Control] = []
    if looking:
        parts.append(Looking(c, model, ended))
    else:
        parts.append(wrap(*_buttons(c, begin, choose), spacing=S3))
    if trouble:
        parts.append(
            tag("enrol.code.trouble", note(c, trouble, Icons.INFO_OUTLINE_ROUNDED), live_region=True)
        )
    return col(*parts, spacing=S3, stretch=True)


def _buttons(c: Ctx, begin: Callable[[], None], choose: Callable[..., Any]) -> list[ft.Control]:
    buttons: list[ft.Control] = []
    if camera_here(ft.context.page):
        buttons.append(
            button(
                c,
                "enrol.code.camera",
                c._("Read the QR code"),
                begin,
                kind="outlined",
                icon=Icons.QR_CODE_SCANNER_ROUNDED,
            )
        )
    buttons.append(
        button(
            c,
            "enrol.code.picture",
            c._("Choose a picture of the code"),
            choose,
            kind="outlined",
            icon=Icons.IMAGE_OUTLINED,
        )
    )
    return buttons


async def from_picture(c: Ctx, model: JoiningModel, data: bytes) -> str:
    """Read one picture; gives what to tell the person, empty where the code was found."""
    desk = model.desk
    if not data or len(data) > MOST_BYTES:
        return c._("This picture could not be read. Take another one, or paste the code as text.")
    try:
        found = await desk.in_thread(desk.cases.enrolment.read_qr, data)
    except Problem:
        return no_reader(c)
    if not found:
        return c._(
            "There is no QR code to be seen in this picture. Take it from nearer, straight and in good light."
        )
    model.take_code(found)
    return ""


def no_reader(c: Ctx) -> str:
    return c._(
        "This app cannot read QR codes on this device. Open the device's own camera app, point it at the code, copy "
        "the text that it shows, and paste it above. Or let your supervisor send you the code as text."
    )


@part
def Looking(c: Ctx, model: JoiningModel, ended: Callable[[str], None]) -> ft.Control:
    """The camera's picture, until it has found a code or is stopped."""
    camera = ft.use_ref(new_camera).current

    def start() -> Callable[[], None]:
        task = asyncio.get_running_loop().create_task(_watch(c, model, camera, ended))
        return lambda: task.cancel() and None

    use_effect(start, [])
    shown = ft.Container(
        camera or ft.Container(),
        height=HEIGHT,
        bgcolor=SUNK,
        border_radius=R_FIELD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    stop = button(
        c, "enrol.code.camera.stop", c._("Stop the camera"), lambda: ended(""), kind="outlined", small=True
    )
    words = dim(c, c._("Hold the tablet so that the whole code is in the picture."))
    held = tag("enrol.code.camera.view", shown, c._("What the camera sees"), image=True)
    return card(col(held, words, row(stop), spacing=S3, stretch=True), padding=S4)


async def _watch(c: Ctx, model: JoiningModel, camera: Any, ended: Callable[[str], None]) -> None:
    cannot = c._("The camera could not be opened. Choose a picture of the code, or paste the code as text.")
    try:
        if camera is None or not await _open(camera):
            ended(cannot)
            return
        while True:
            await asyncio.sleep(LOOK_S)
            found = await model.desk.in_thread(
                model.desk.cases.enrolment.read_qr, await camera.take_picture()
            )
            if found:
                model.take_code(found)
                ended("")
                return
    except Problem:
        ended(no_reader(c))
    except Exception as error:  # noqa: BLE001 - whatever the platform's camera says, it is told in one sentence
        log_defect(error, "camera")
        ended(cannot)


async def _open(camera: Any) -> bool:
    """Start the camera that looks away from the person, else the first; False where there is none."""
    from flet_camera import CameraLensDirection, ResolutionPreset

    await asyncio.sleep(0.1)  # the control reaches the client with the drawing that is under way
    found = await camera.get_available_cameras()
    if not found:
        return False
    back = [one for one in found if one.lens_direction == CameraLensDirection.BACK]
    await camera.initialize((back or found)[0], ResolutionPreset.HIGH, enable_audio=False)
    return True
