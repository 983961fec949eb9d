from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "khue.demo"
    label = "demo"

    def ready(self) -> None:
        from khue.demo import wiring  # noqa: F401  Django forbids models before apps are ready
