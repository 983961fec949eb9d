"""Every address of the node: each room brings its own."""

from django.urls import include, path

from khue.foundation.first_word import ByFirstWord

ROOMS = [
    path("", include("khue.portal.urls")),
    path("", include("khue.foundation.urls")),
    path("", include("khue.registry.urls")),
    path("", include("khue.identity.urls")),
    path("", include("khue.messaging.urls")),
    path("", include("khue.news.urls")),
    path("", include("khue.curriculum.urls")),
    path("", include("khue.activity.urls")),
    path("", include("khue.payments.urls")),
    path("", include("khue.workspace.urls")),
    path("", include("khue.library.urls")),
    path("", include("khue.schools.urls")),
    path("", include("khue.assessment.urls")),
    path("", include("khue.timetable.urls")),
    path("", include("khue.learning.urls")),
    path("", include("khue.gradebook.urls")),
    path("", include("khue.attendance.urls")),
    path("", include("khue.exchange.urls")),
    path("", include("khue.indicators.urls")),
]
urlpatterns = [ByFirstWord(ROOMS)]

handler400 = "khue.foundation.refused.bad_request"
handler403 = "khue.foundation.refused.forbidden"
handler404 = "khue.foundation.refused.not_found"
handler500 = "khue.foundation.refused.broken"
