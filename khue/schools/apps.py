from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "khue.schools"
    label = "schools"

    def ready(self) -> None:
        from khue.schools import wiring  # noqa: F401  Django forbids models before apps are ready
