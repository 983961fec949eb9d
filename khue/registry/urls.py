from django.urls import URLPattern, path

from khue.registry.views import guardians, organisations, papers, people, places, successions

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("directory/", places.directory, name="directory"),
    path("organisations/", organisations.tree, name="tree"),
    path("organisations/<uuid:public_id>/", places.organisation, name="organisation"),
    path("organisations/<uuid:public_id>/found/", organisations.found, name="found_organisation"),
    path("organisations/<uuid:public_id>/correct/", organisations.correct, name="correct_organisation"),
    path("organisations/<uuid:public_id>/move/", organisations.move, name="move_organisation"),
    path("organisations/<uuid:public_id>/merge/", successions.merge, name="merge_organisations"),
    path("organisations/<uuid:public_id>/split/", successions.split, name="split_organisation"),
    path("organisations/<uuid:public_id>/close/", organisations.close, name="close_organisation"),
    path("people/", people.people, name="people"),
    path("people/new/", people.record_person, name="record_person"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/correct/", people.correct_person, name="correct_person"),
    path("people/<uuid:public_id>/guardians/", guardians.choose_guardian, name="choose_guardian"),
    path("people/<uuid:public_id>/guardians/<uuid:guardian_id>/", guardians.appoint_guardian, name="appoint_guardian"),
    path("people/<uuid:public_id>/papers/new/", papers.record_paper, name="record_paper"),
    path("papers/<uuid:public_id>/", papers.paper, name="paper"),
    path("papers/<uuid:public_id>/withdraw/", papers.withdraw_paper, name="withdraw_paper"),
    path("guardianships/<int:guardianship_id>/", guardians.guardianship, name="guardianship"),
    path("guardianships/<int:guardianship_id>/bar/", guardians.bar_guardian, name="bar_guardian"),
    path("guardianships/<int:guardianship_id>/lift/", guardians.lift_bar, name="lift_bar"),
    path("guardianships/<int:guardianship_id>/end/", guardians.end_guardianship, name="end_guardianship"),
]
