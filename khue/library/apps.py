from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "khue.library"
    label = "library"

    def ready(self) -> None:
        from khue.library import wiring  # noqa: F401  Django forbids models before apps are ready
