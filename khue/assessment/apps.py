from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "khue.assessment"
    label = "assessment"

    def ready(self) -> None:
        from khue.assessment import wiring  # noqa: F401  Django forbids models before apps are ready
