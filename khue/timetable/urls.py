from django.urls import URLPattern, path

from khue.timetable import views

app_name = "timetable"
urlpatterns: list[URLPattern] = [path("timetable/", views.week, name="week")]
