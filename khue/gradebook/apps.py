from django.apps import AppConfig


class GradebookConfig(AppConfig):
    name = "khue.gradebook"
    label = "gradebook"

    def ready(self) -> None:
        from khue.gradebook import wiring  # noqa: F401  Django forbids models before apps are ready
