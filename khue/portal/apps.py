from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "khue.portal"
    label = "portal"

    def ready(self) -> None:
        from khue.portal import wiring  # noqa: F401  Django forbids models before apps are ready
