from django.urls import path

from khue.messaging.views import telling

app_name = "messaging"
urlpatterns = [
    path("messages/", telling.inbox, name="inbox"),
    path("messages/read/", telling.read_all, name="read_all"),
    path("messages/told/", telling.told, name="told"),
    path("messages/told/<uuid:message_id>/", telling.deliveries, name="deliveries"),
    path("messages/notice/", telling.notice, name="notice"),
    path("messages/browser/", telling.browser, name="browser"),
    path("messages/<uuid:delivery_id>/", telling.message, name="message"),
]
