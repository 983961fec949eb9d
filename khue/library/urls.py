from django.urls import path

from khue.library import views

app_name = "library"
urlpatterns = [
    path("library/", views.shelf, name="shelf"),
    path("library/new/", views.new, name="new"),
    path("library/<uuid:resource_id>/", views.resource, name="resource"),
    path("library/<uuid:resource_id>/approve/", views.approve, name="approve"),
    path("library/<uuid:resource_id>/withdraw/", views.withdraw, name="withdraw"),
    path("library/<uuid:resource_id>/file", views.file, name="file"),
    path("library/<uuid:resource_id>/package/<path:path>", views.package, name="package"),
]
