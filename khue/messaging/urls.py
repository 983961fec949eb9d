from django.urls import path

from khue.messaging import views

app_name = "messaging"
urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/read/", views.read_all, name="read_all"),
    path("messages/told/", views.told, name="told"),
    path("messages/told/<uuid:message_id>/", views.deliveries, name="deliveries"),
    path("messages/notice/", views.notice, name="notice"),
    path("messages/browser/", views.browser, name="browser"),
    path("messages/<uuid:delivery_id>/", views.message, name="message"),
]
