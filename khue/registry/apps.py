from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "khue.registry"
    label = "registry"

    def ready(self) -> None:
        from khue.registry import wiring  # noqa: F401  Django forbids models before apps are ready
