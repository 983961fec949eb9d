from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "khue.payments"
    label = "payments"

    def ready(self) -> None:
        from khue.payments import wiring  # noqa: F401  Django forbids models before apps are ready
