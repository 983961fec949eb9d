from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "khue.activity"
    label = "activity"

    def ready(self) -> None:
        from khue.activity import wiring  # noqa: F401  Django forbids models before apps are ready
