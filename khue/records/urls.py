"""Addresses of the records room."""

from django.urls import path

from khue.records.views import deposits, diplomas, keys, public, received, results, school, sheets

app_name = "records"
urlpatterns = [
    path("records/", school.year, name="year"),
    path("records/years/<uuid:year_id>/sign/<slug:role>/", school.sign_year, name="sign_year"),
    path("records/years/<uuid:year_id>/classes/<slug:deed>/", school.for_classes, name="for_classes"),
    path("records/classes/<uuid:class_id>/", school.class_sheets, name="class"),
    path("records/classes/<uuid:class_id>/sign/", school.sign_class, name="sign_class"),
    path("records/classes/<uuid:class_id>/prepare/", school.step, {"what": "prepare"}, name="prepare"),
    path("records/classes/<uuid:class_id>/compare/", school.step, {"what": "compare"}, name="compare"),
    path("records/classes/<uuid:class_id>/confirm/", school.step, {"what": "confirm"}, name="confirm"),
    path("records/subjects/<uuid:class_subject_id>/compare/", school.compare_subject, name="compare_subject"),
    path("records/sheets/<uuid:sheet_id>/", sheets.sheet, name="sheet"),
    path("records/sheets/<uuid:sheet_id>/correct/", sheets.correct, name="correct"),
    path("records/sheets/<uuid:sheet_id>/extract/", sheets.extract, name="extract"),
    path("records/sheets/<uuid:sheet_id>/copy.xml", sheets.copy, {"form": "xml"}, name="copy_xml"),
    path("records/sheets/<uuid:sheet_id>/copy.pdf", sheets.copy, {"form": "pdf"}, name="copy_pdf"),
    path("records/transcripts/<uuid:transcript_id>/package/", sheets.package, name="package"),
    path("records/transcripts/<uuid:transcript_id>/share/", sheets.share, name="make_share"),
    path("records/mine/", sheets.mine, name="mine"),
    path("records/shares/<uuid:share_id>/", sheets.share_page, name="share"),
    path("records/shares/<uuid:share_id>/end/", sheets.end_share, name="end_share"),
    path("records/transcripts/<uuid:transcript_id>/whole/", sheets.own_package, name="own_package"),
    path("records/deposits/", deposits.deposits, name="deposits"),
    path("records/deposits/<uuid:deposit_id>/receipt/", deposits.receipt, name="receipt"),
    path("records/deposits/<uuid:deposit_id>/package.zip", deposits.deposit_file, name="deposit_file"),
    path("records/received/", received.received, name="received"),
    path("records/received/<uuid:received_id>/", received.received_package, name="received_package"),
    path("records/received/<uuid:received_id>/<int:number>/carry/", received.carry, name="carry"),
    path("records/keys/", keys.keys, name="keys"),
    path("records/keys/<uuid:key_id>/", keys.key, name="key"),
    path("records/keys/<uuid:key_id>/retire/", keys.retire, name="retire_key"),
    path("records/results/", results.waiting, name="results"),
    path("records/diplomas/", diplomas.register, name="diplomas"),
    path("records/diplomas/new/", diplomas.new, name="new_diploma"),
    path("records/diplomas/register.pdf", diplomas.register_paper, name="register_paper"),
    path("records/diplomas/<uuid:diploma_id>/replace/", diplomas.replace, name="replace_diploma"),
    path("records/diplomas/<uuid:diploma_id>/", diplomas.diploma, name="diploma"),
    path("records/diplomas/<uuid:diploma_id>/hand-over/", diplomas.hand_over, name="hand_over"),
    path("records/diplomas/<uuid:diploma_id>/withdraw/", diplomas.withdraw, name="withdraw"),
    path("verify/", public.verify, name="verify"),
    path("verify/<str:code>/", public.shared, name="shared"),
]
