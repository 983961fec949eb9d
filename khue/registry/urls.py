from django.urls import URLPattern, path

from khue.registry import views

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("directory/", views.directory, name="directory"),
    path("organisations/<uuid:public_id>/", views.organisation, name="organisation"),
    path("people/", views.people, name="people"),
    path("people/<uuid:public_id>/", views.person, name="person"),
    path("people/<uuid:public_id>/correct/", views.correct_person, name="correct_person"),
    path("guardianships/<int:guardianship_id>/", views.guardianship, name="guardianship"),
    path("guardianships/<int:guardianship_id>/bar/", views.bar_guardian, name="bar_guardian"),
    path("guardianships/<int:guardianship_id>/lift/", views.lift_bar, name="lift_bar"),
]
