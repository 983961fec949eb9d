"""Settings of a node. Everything a deployment may change is read from the environment, once, here."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from khue.foundation.postgres import addresses

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("KHUE_VAR", BASE_DIR / "var"))

DEBUG = os.environ.get("KHUE_DEBUG") == "1"
SECRET_KEY = addresses.secret_key(VAR_DIR)
# The operator's own keys for what schools keep encrypted, apart from the secret (messaging/keys.py); "" for none.
KEY_FILE = os.environ.get("KHUE_KEY_FILE", "")
ALLOWED_HOSTS = os.environ.get("KHUE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("KHUE_ORIGINS", "").split(",") if o]
USE_X_FORWARDED_HOST = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

#: The rooms, lowest floor first. The order is the architecture; .importlinter checks it.
ROOMS = [
    "foundation",
    "registry",
    "identity",
    "messaging",
    "news",
    "curriculum",
    "activity",
    "payments",
    "procedures",
    "library",
    "schools",
    "workspace",
    "assessment",
    "timetable",
    "learning",
    "gradebook",
    "attendance",
    "records",
    "exchange",
    "moves",
    "indicators",
    "portal",
    "demo",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *[f"khue.{room}" for room in ROOMS],
]
AUTH_USER_MODEL = "identity.Account"

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "khue.foundation.middleware.security_headers",
    "khue.foundation.middleware.language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "khue.foundation.middleware.act_within_scope",
]
ROOT_URLCONF = "khue.urls"
WSGI_APPLICATION = "khue.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [BASE_DIR / "khue" / room / "templates" for room in ROOMS],
        "OPTIONS": {"environment": "khue.foundation.ui.environment.environment"},
    },
]

_application_url, _owner_url = addresses.database_urls(VAR_DIR)
DATABASES = {
    # Whoever signs in, statements run as a role that neither owns the tables nor bypasses row-level security.
    # From its second use a statement is prepared: planning one, with its policies, costs more than running it.
    "default": addresses.settings_of(
        _application_url, "-c role=khue_app", server_side_binding=True, prepare_threshold=1
    ),
    # The owner of the tables, for migrations, backup and partitions only. Never used by a request.
    "owner": addresses.settings_of(_owner_url, ""),
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "khue" / room / "locale" for room in ROOMS]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = "khue.foundation.formats"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS: list[Path] = []
FILES_ROOT = VAR_DIR / "files"
STORAGES = {
    "staticfiles": {"BACKEND": "khue.foundation.ui.assets.Storage"},
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

CSRF_COOKIE_NAME = "khue_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "khue.foundation.refused.stale_form"
CSRF_COOKIE_SECURE = os.environ.get("KHUE_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE

# smtp://user:password@host:port; without it mail stays in the outbox, waiting and visible.
_smtp = urlsplit(os.environ.get("KHUE_SMTP", ""))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _smtp.hostname or ""
EMAIL_PORT = _smtp.port or 25
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("KHUE_MAIL_FROM", "khue@localhost")

#: Hours in Vietnam in which a node does what would take its visitors' processors; "1-4" to the end of the fourth.
_first, _, _last = os.environ.get("KHUE_NIGHT", "1-4").partition("-")
NIGHT = range(int(_first), int(_last or _first) + 1) if _first else range(0)
MAIL_PER_MINUTE = int(os.environ.get("KHUE_MAIL_PER_MINUTE", "600"))

# Ways to reach families beyond the application and e-mail; each is off until its address is given.
# mailto:... or https://...: whom a push service may ask about what this node sends (RFC 8292).
PUSH_CONTACT = os.environ.get("KHUE_PUSH_CONTACT", "")
PUSH_HOSTS = os.environ.get(
    "KHUE_PUSH_HOSTS",
    "fcm.googleapis.com,updates.push.services.mozilla.com,web.push.apple.com,notify.windows.com",
).split(",")
PUSH_PER_MINUTE = int(os.environ.get("KHUE_PUSH_PER_MINUTE", "6000"))
SMS_URL = os.environ.get("KHUE_SMS_URL", "")
SMS_TOKEN = os.environ.get("KHUE_SMS_TOKEN", "")
SMS_PER_MINUTE = int(os.environ.get("KHUE_SMS_PER_MINUTE", "600"))
ZALO_URL = os.environ.get("KHUE_ZALO_URL", "")
ZALO_TOKEN = os.environ.get("KHUE_ZALO_TOKEN", "")
ZALO_TEMPLATE = os.environ.get("KHUE_ZALO_TEMPLATE", "")
ZALO_PER_MINUTE = int(os.environ.get("KHUE_ZALO_PER_MINUTE", "600"))
GATEWAY_TIMEOUT = 10

# Signing of records. Roots that are trusted (PEM, one file), an RFC 3161 server, the module of tokens on this machine
# (PKCS#11), and a service that signs at a distance; each is off until it is given.
TRUST_FILE = os.environ.get("KHUE_TRUST_FILE", "")
TSA_URL = os.environ.get("KHUE_TSA_URL", "")
PKCS11_MODULE = os.environ.get("KHUE_PKCS11_MODULE", "")
REMOTE_SIGNING_URL = os.environ.get("KHUE_REMOTE_SIGNING_URL", "")
REMOTE_SIGNING_TOKEN = os.environ.get("KHUE_REMOTE_SIGNING_TOKEN", "")

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("KHUE_LOG", "WARNING")},
}
