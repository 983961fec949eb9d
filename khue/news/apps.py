from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "khue.news"
    label = "news"

    def ready(self) -> None:
        from khue.news import wiring  # noqa: F401  Django forbids models before apps are ready
