from django.urls import URLPattern, path

from khue.curriculum import views

app_name = "curriculum"
urlpatterns: list[URLPattern] = [
    path("curriculum/", views.table, name="table"),
    path("curriculum/subjects/<uuid:public_id>/", views.subject, name="subject"),
    path("curriculum/outcomes/", views.outcomes, name="outcomes"),
    path("curriculum/import/", views.upload, name="import"),
    path("curriculum/import/<uuid:public_id>/", views.review, name="review"),
    path("curriculum/import/<uuid:public_id>/apply/", views.apply_import, name="apply_import"),
    path("curriculum/import/<uuid:public_id>/give-up/", views.give_up_import, name="give_up_import"),
]
