from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "khue.foundation"
    label = "foundation"

    def ready(self) -> None:
        from khue.foundation import language, wiring  # noqa: F401  Django forbids models before apps are ready

        language.find_at_once()
