from django.urls import URLPattern, path

from khue.identity.views import account, accounts, consents, factors, providers, sign_in

app_name = "identity"
urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second/", sign_in.second_factor, name="second_factor"),
    path("sign-in/passkey/options/", factors.ask_for_proof, name="ask_for_proof"),
    path("sign-in/passkey/", factors.prove_passkey, name="prove_passkey"),
    path("sign-in/with/<slug:key>/", providers.begin, name="provider"),
    path("sign-in/back/<slug:key>/", providers.back, name="provider_back"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("activate/", sign_in.activate, name="activate"),
    path("activate/link/", sign_in.forgotten, name="forgotten"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/slips/", accounts.slips, name="slips"),
    path("accounts/<uuid:public_id>/", accounts.account, name="one_account"),
    path("accounts/<uuid:public_id>/roles/<int:grant_id>/", accounts.revoke_role, name="revoke_role"),
    path("accounts/<uuid:public_id>/code/", accounts.issue_code, name="issue_code"),
    path("accounts/<uuid:public_id>/switch/", accounts.switch, name="switch"),
    path("privacy/", consents.privacy, name="privacy"),
    path("privacy/people/<uuid:public_id>/", consents.give, name="give_consent"),
    path("privacy/<uuid:public_id>/withdraw/", consents.withdraw, name="withdraw_consent"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/confirm/", account.confirm, name="confirm"),
    path("account/sessions/others/", account.close_other_sessions, name="close_other_sessions"),
    path("account/sessions/<uuid:public_id>/", account.close_session, name="close_session"),
    path("account/links/<slug:key>/", providers.link, name="link"),
    path("account/links/<uuid:public_id>/remove/", providers.unlink, name="unlink"),
    path("account/second-factor/", factors.set_up, name="set_up"),
    path("account/second-factor/app/", factors.add_app, name="add_app"),
    path("account/second-factor/app/remove/", factors.remove_app, name="remove_app"),
    path("account/second-factor/recovery/", factors.renew_recovery_codes, name="renew_recovery_codes"),
    path("account/second-factor/passkey/options/", factors.ask_for_passkey, name="ask_for_passkey"),
    path("account/second-factor/passkey/", factors.add_passkey, name="add_passkey"),
    path("account/second-factor/passkey/<uuid:public_id>/", factors.remove_passkey, name="remove_passkey"),
]
