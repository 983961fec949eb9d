from django.urls import path

from khue.portal import views

app_name = "portal"
urlpatterns = [path("", views.home, name="home"), path("search/", views.search, name="search")]
