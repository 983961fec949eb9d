from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "khue.workspace"
    label = "workspace"

    def ready(self) -> None:
        from khue.workspace import wiring  # noqa: F401  Django forbids models before apps are ready
