"""Django's settings; what an operator may change comes from the environment (docs/operating.md)."""

import os
from pathlib import Path

from haicap.config import home

HERE = Path(__file__).resolve().parent.parent

SECRET_KEY = home.secrets().django
KEK = home.secrets().kek  # wraps the keys of sealed facts
HOME = home.folder()
DEBUG = False
PUBLIC_ADDRESS = os.environ.get("HAICAP_ADDRESS", "").rstrip(
    "/"
)  # as people outside reach it; papers name it
ALLOWED_HOSTS = os.environ.get("HAICAP_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DEMO = os.environ.get("HAICAP_DEMO", "") == "1"  # shows the synthetic-data notice and the ready sign-ins
DEMO_SIGN_INS: list[dict[str, object]] = []  # `haicap demo` fills it: name, post, username, password

INSTALLED_APPS = [
    "haicap.web",
    "haicap.journal",
    "haicap.units",
    "haicap.nodes",
    "haicap.clocks",
    "haicap.papers",
    "haicap.matters",
    "haicap.duty",
    "haicap.means",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "haicap.nodes.views_sync.SyncMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "haicap.web.security.PolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "haicap.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "haicap.units.sign_in.PersonMiddleware",
    "haicap.nodes.middleware.LineMiddleware",
    "haicap.web.unwritable.UnwritableMiddleware",
]

ROOT_URLCONF = "haicap.config.urls"
WSGI_APPLICATION = "haicap.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haicap.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "haicap.web.templatetags.haicap"],
        },
    }
]

# Three roles on one database: `default` is what pages use (row-level security, may append, alters nothing),
# `worker` appends and projects in bulk, `owner` migrates and verifies.
DATABASES = {
    "default": home.database("web"),
    "worker": home.database("worker"),
    "owner": home.database("owner"),
}
ROLES = home.roles()  # their names, for the grants and policies of migrations
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "haicap.units.sign_in.Accounts"  # nobody signs up by themselves
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # loopback and office LANs without a certificate

# Work that takes long (`haicap.matters.work`): the modules that say how it is done; `True` (tests) does it at once.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = [
    "haicap.matters.work",
    "haicap.matters.bulk.doing",
    "haicap.matters.notices.digest",
    "haicap.matters.sheets.works",
    "haicap.means.handover.works",
    "haicap.means.plans.trials",
]
WORK_AT_ONCE = False

# Mail, where a server is set: a digest each working day at `MAIL_AT`, none in the quiet hours (both in Vietnam's time).
EMAIL_HOST = os.environ.get("HAICAP_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("HAICAP_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("HAICAP_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HAICAP_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("HAICAP_MAIL_TLS", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("HAICAP_MAIL_TLS", "") == "tls"
EMAIL_TIMEOUT = 20  # seconds
MAIL_FROM = os.environ.get("HAICAP_MAIL_FROM", "haicap@localhost")
MAIL_AT = os.environ.get("HAICAP_MAIL_AT", "07:00")
MAIL_QUIET = os.environ.get("HAICAP_MAIL_QUIET", "20:00-06:30")
ADDRESS = PUBLIC_ADDRESS or "http://localhost:8000"  # how links in mails begin

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"
PEOPLE_TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = "haicap.web.formats"
FORM_RENDERER = "haicap.web.forms.Renderer"
CSRF_FAILURE_VIEW = "haicap.web.views.stale"

STATIC_URL = "/static/"
STATIC_ROOT = home.folder() / "static"
FILE_LIMIT = int(os.environ.get("HAICAP_FILE_LIMIT", "") or 50) * 1_000_000  # bytes of one attached file
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Behind a proxy that speaks HTTPS to people and tells so in X-Forwarded-Proto.
HTTPS = os.environ.get("HAICAP_HTTPS", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},  # it warns whenever a page is asked for with several parts
    },
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
