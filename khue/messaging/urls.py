from django.urls import path

from khue.messaging.views import announcements, consents, surveys, telling

app_name = "messaging"
urlpatterns = [
    path("messages/", telling.inbox, name="inbox"),
    path("messages/read/", telling.read_all, name="read_all"),
    path("messages/told/", telling.told, name="told"),
    path("messages/told/<uuid:message_id>/", telling.deliveries, name="deliveries"),
    path("messages/notice/", telling.notice, name="notice"),
    path("messages/browser/", telling.browser, name="browser"),
    path("messages/<uuid:delivery_id>/", telling.message, name="message"),
    path("messages/announcements/", announcements.announcements, name="announcements"),
    path("messages/announcements/write/", announcements.write, name="write_announcement"),
    path("messages/announcements/<uuid:public_id>/", announcements.announcement, name="announcement"),
    path("messages/announcements/<uuid:public_id>/remind/", announcements.remind, name="remind"),
    path("messages/announcements/<uuid:public_id>/close/", announcements.close, name="close_announcement"),
    path("messages/announcements/copies/<uuid:copy_id>/read/", announcements.acknowledge, name="acknowledge"),
    path("messages/surveys/write/", surveys.write, name="write_survey"),
    path("messages/surveys/<uuid:public_id>/questions/", surveys.questions, name="survey_questions"),
    path(
        "messages/surveys/<uuid:public_id>/questions/<uuid:question_id>/",
        surveys.change_question,
        name="change_question",
    ),
    path("messages/surveys/<uuid:public_id>/tell/", surveys.tell, name="tell_survey"),
    path("messages/surveys/<uuid:public_id>/template/", surveys.template, name="survey_template"),
    path("messages/surveys/<uuid:public_id>/results/", surveys.results, name="survey_results"),
    path("messages/surveys/copies/<uuid:copy_id>/", surveys.answer, name="answer_survey"),
    path("messages/consents/write/", consents.write, name="write_sheet"),
    path("messages/consents/<uuid:public_id>/", consents.sheet, name="sheet"),
    path("messages/consents/<uuid:public_id>/tell/", consents.tell, name="tell_sheet"),
    path("messages/consents/<uuid:public_id>/paper/<uuid:copy_id>/", consents.paper, name="paper_sheet"),
    path("messages/consents/<uuid:public_id>/rule/<uuid:copy_id>/", consents.rule, name="rule_on_sheet"),
    path("messages/consents/copies/<uuid:copy_id>/", consents.sign, name="sign"),
    path("messages/consents/copies/<uuid:copy_id>/withdraw/", consents.withdraw, name="withdraw_signature"),
]
