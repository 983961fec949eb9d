from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "khue.exchange"
    label = "exchange"

    def ready(self) -> None:
        from khue.exchange import wiring  # noqa: F401  Django forbids models before apps are ready
