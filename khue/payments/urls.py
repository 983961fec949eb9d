from django.urls import path

from khue.payments.views import answers, bank, billing, counter, desk, fees, invoices, statements

app_name = "payments"
urlpatterns = [
    path("payments/", invoices.invoices, name="invoices"),
    path("payments/today/", desk.desk, name="desk"),
    path("payments/<uuid:public_id>/", invoices.invoice, name="invoice"),
    path("payments/<uuid:public_id>/code.png", invoices.code, name="code"),
    path("payments/<uuid:public_id>/cancel/", invoices.cancel, name="cancel"),
    path("payments/bill/", billing.bill, name="bill"),
    path("payments/fees/", fees.fees, name="fees"),
    path("payments/fees/catalogue/", fees.catalogue, name="catalogue"),
    path("payments/fees/new/", fees.new_fee, name="new_fee"),
    path("payments/fees/<uuid:public_id>/follow/", fees.new_fee, name="follow_fee"),
    path("payments/answers/", answers.answer, name="answer"),
    path("payments/fees/<uuid:public_id>/answers/", answers.of_fee, name="answers"),
    path("payments/fees/<uuid:public_id>/end/", fees.end_fee, name="end_fee"),
    path("payments/fees/<uuid:public_id>/relief/", fees.new_relief, name="new_relief"),
    path("payments/reliefs/<uuid:public_id>/end/", fees.end_relief, name="end_relief"),
    path("payments/accounts/new/", fees.new_account, name="new_account"),
    path("payments/accounts/<uuid:public_id>/hook/", fees.open_hook, name="open_hook"),
    path("payments/accounts/<uuid:public_id>/hook/close/", fees.close_hook, name="close_hook"),
    path("payments/statements/", statements.statements, name="statements"),
    path("payments/statements/<uuid:public_id>/", statements.statement, name="statement"),
    path("payments/statements/<uuid:public_id>/take/", statements.take, name="take_statement"),
    path("payments/transfers/", statements.transfers, name="transfers"),
    path("payments/transfers/<uuid:public_id>/", statements.transfer, name="transfer"),
    path("payments/transfers/<uuid:public_id>/return/", statements.take_back, name="return"),
    path("payments/transfers/<uuid:public_id>/place/", statements.place, name="place"),
    path("payments/families/<uuid:public_id>/", counter.family, name="family"),
    path("payments/families/<uuid:public_id>/cash/", counter.cash, name="cash"),
    path("payments/families/<uuid:public_id>/pass/", counter.pass_on, name="pass_on"),
    path("payments/families/<uuid:public_id>/refund/", counter.refund, name="refund"),
    path("payments/receipts/<uuid:public_id>/", counter.receipt, name="receipt"),
    path("payments/days/", counter.days, name="days"),
    path("payments/bank/<uuid:public_id>/", bank.call, name="bank"),
]
