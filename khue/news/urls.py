from django.urls import URLPattern, path

from khue.news import views

app_name = "news"
urlpatterns: list[URLPattern] = [
    path("news/", views.news, name="news"),
    path("news/desk/", views.desk, name="desk"),
    path("news/write/", views.write, name="write"),
    path("news/campaigns/", views.campaigns, name="campaigns"),
    path("news/campaigns/open/", views.open_campaign, name="open_campaign"),
    path("news/campaigns/<uuid:public_id>/", views.campaign, name="campaign"),
    path("news/<uuid:public_id>/", views.article, name="article"),
    path("news/<uuid:public_id>/read/", views.read, name="read"),
    path("news/<uuid:public_id>/change/", views.rewrite, name="rewrite"),
    path("news/<uuid:public_id>/publish/", views.publish, name="publish"),
    path("news/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
]
