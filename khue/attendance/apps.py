from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "khue.attendance"
    label = "attendance"

    def ready(self) -> None:
        from khue.attendance import wiring  # noqa: F401  Django forbids models before apps are ready
