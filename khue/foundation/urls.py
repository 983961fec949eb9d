from django.urls import URLPattern, path

from khue.foundation.ui import views

app_name = "foundation"
urlpatterns: list[URLPattern] = [
    path("language/", views.language, name="language"),
    path("ui/", views.components, name="components"),
]
