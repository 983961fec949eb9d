from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "khue.curriculum"
    label = "curriculum"

    def ready(self) -> None:
        from khue.curriculum import wiring  # noqa: F401  Django forbids models before apps are ready
