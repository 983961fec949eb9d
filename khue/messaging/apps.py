from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "khue.messaging"
    label = "messaging"

    def ready(self) -> None:
        from khue.messaging import wiring  # noqa: F401  Django forbids models before apps are ready
