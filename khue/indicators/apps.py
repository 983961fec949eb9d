from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "khue.indicators"
    label = "indicators"

    def ready(self) -> None:
        from khue.indicators import wiring  # noqa: F401  Django forbids models before apps are ready
