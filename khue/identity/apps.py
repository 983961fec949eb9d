from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "khue.identity"
    label = "identity"

    def ready(self) -> None:
        from khue.identity import wiring  # noqa: F401  Django forbids models before apps are ready
