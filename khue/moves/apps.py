from django.apps import AppConfig


class MovesConfig(AppConfig):
    name = "khue.moves"
    label = "moves"

    def ready(self) -> None:
        from khue.moves import wiring  # noqa: F401  Django forbids models before apps are ready
