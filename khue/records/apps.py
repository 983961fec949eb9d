from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "khue.records"
    label = "records"

    def ready(self) -> None:
        from khue.records import wiring  # noqa: F401  Django forbids models before apps are ready
