import flet as ft

from app.ui.app import main

ft.run(main)
