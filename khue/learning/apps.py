from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "khue.learning"
    label = "learning"

    def ready(self) -> None:
        from khue.learning import wiring  # noqa: F401  Django forbids models before apps are ready
