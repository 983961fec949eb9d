from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "khue.procedures"
    label = "procedures"

    def ready(self) -> None:
        from khue.procedures import wiring  # noqa: F401  Django forbids models before apps are ready
