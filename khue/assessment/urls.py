from django.urls import path

from khue.assessment.views import bank, building, papers, player

app_name = "assessment"
urlpatterns = [
    path("bank/", bank.bank, name="bank"),
    path("bank/papers/", papers.papers, name="papers"),
    path("bank/papers/<uuid:public_id>/", papers.paper, name="paper"),
    path("bank/papers/<uuid:public_id>/accept/", papers.accept, name="paper_accept"),
    path("bank/papers/<uuid:public_id>/test/", papers.make_test, name="paper_test"),
    path("bank/papers/<uuid:public_id>/cancel/", papers.cancel, name="paper_cancel"),
    path("bank/papers/<uuid:public_id>/items/<uuid:item_id>/", papers.item, name="paper_item"),
    path("bank/pictures/<uuid:public_id>/", bank.picture, name="picture"),
    path("bank/tag/", bank.tag, name="tag"),
    path("bank/questions/new/", bank.new_question, name="new_question"),
    path("bank/questions/<uuid:public_id>/", bank.question, name="question"),
    path("bank/questions/<uuid:public_id>/state/", bank.question_state, name="question_state"),
    path("bank/questions/<uuid:public_id>/outcomes/", bank.question_outcomes, name="question_outcomes"),
    path("tests/", building.tests, name="tests"),
    path("tests/new/", building.new_test, name="new_test"),
    path("tests/<uuid:public_id>/", building.test, name="test"),
    path("tests/<uuid:public_id>/change/", building.change_test, name="change_test"),
    path("tests/<uuid:public_id>/assign/", building.assign, name="assign"),
    path("assignments/<uuid:public_id>/", building.assignment, name="assignment"),
    path("assignments/<uuid:public_id>/change/", building.change_assignment, name="change_assignment"),
    path("assignments/<uuid:public_id>/withdraw/", building.withdraw_assignment, name="withdraw_assignment"),
    path("do/", player.due, name="due"),
    path("do/<uuid:public_id>/", player.start, name="start"),
    path("do/attempts/<uuid:public_id>/", player.attempt, name="attempt"),
    path("do/attempts/<uuid:public_id>/save/", player.save, name="save"),
    path("do/attempts/<uuid:public_id>/submit/", player.submit, name="submit"),
    path("do/attempts/<uuid:public_id>/ticket/", player.ticket, name="ticket"),
    path("do/attempts/<uuid:public_id>/result/", player.result, name="result"),
]
