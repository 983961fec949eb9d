from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "khue.timetable"
    label = "timetable"

    def ready(self) -> None:
        from khue.timetable import wiring  # noqa: F401  Django forbids models before apps are ready
