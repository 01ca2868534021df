"""Settings: everything from the environment or the home folder, safe values by default."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from zugong.base.keyfiles import kept, private
from zugong.base.mailing import mail_settings
from zugong.settings_login import *  # noqa: F403  (passwords, lock-out, second factor, sessions, sign-on: a file of their own)
from zugong.settings_login import SIGNING_APPS

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent

ZUGONG_HOME = Path(os.environ.get("ZUGONG_HOME") or CHECKOUT / "var").resolve()
ZUGONG_KEYS = ZUGONG_HOME / "keys"
ZUGONG_MASTER_KEY = os.environ.get("ZUGONG_MASTER_KEY", "").strip()  # keys from outside, or the file that holds them
ZUGONG_KEY_PROVIDER = os.environ.get("ZUGONG_KEY_PROVIDER", "")  # the class of somebody else's key store
ZUGONG_FILES = ZUGONG_HOME / "files"
ZUGONG_ANCHORS = Path(os.environ.get("ZUGONG_ANCHORS") or ZUGONG_HOME / "anchors").resolve()
ZUGONG_INCOMING = ZUGONG_HOME / "incoming"


def _secret() -> str:
    """The key that signs sessions, kept in the home folder and made on first use."""
    private(ZUGONG_HOME)
    return kept(ZUGONG_KEYS / "session.key", lambda: secrets.token_urlsafe(50).encode()).decode("ascii")


def _incoming() -> Path:
    """The folder uploads wait in, which only we may open."""
    ZUGONG_INCOMING.mkdir(mode=0o700, parents=True, exist_ok=True)
    return ZUGONG_INCOMING


def _database() -> dict[str, object]:
    url = os.environ.get("ZUGONG_DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(ZUGONG_HOME / "zugong.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                ),
            },
            "TEST": {"NAME": os.environ.get("ZUGONG_TEST_DATABASE", "")} if os.environ.get("ZUGONG_TEST_DATABASE") else {},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise SystemExit("ZUGONG_DATABASE_URL 只支持 postgres://用户:密码@主机:端口/库名。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _limits() -> dict[str, tuple[int, int, int]]:
    """How often one may do what is guessed at or carried away: by an account, from an address, within how many seconds.
    ZUGONG_LIMITS changes some of it: login=10/60/300,export=30/150/600; 0 is as often as one likes."""
    limits = {
        "login": (10, 60, 300),
        "code": (10, 60, 300),
        "feed": (30, 300, 600),
        "search": (60, 300, 60),
        "typing": (240, 1200, 60),
        "export": (30, 150, 600),
        "upload": (30, 150, 600),
        "correction": (10, 50, 3600),
    }
    for one in filter(None, os.environ.get("ZUGONG_LIMITS", "").split(",")):
        name, _, said = one.strip().partition("=")
        numbers = said.split("/")
        if name not in limits or len(numbers) != 3 or not all(n.isdecimal() for n in numbers) or not int(numbers[2]):
            raise SystemExit(f"ZUGONG_LIMITS 里的“{one}”看不懂。写法：{name or 'login'}=每个账号次数/每个地址次数/多少秒内。")
        limits[name] = (int(numbers[0]), int(numbers[1]), int(numbers[2]))
    return limits


SECRET_KEY = os.environ.get("ZUGONG_SECRET_KEY") or _secret()
DEBUG = os.environ.get("ZUGONG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("ZUGONG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ZUGONG_ORIGINS", "").split(",") if o]
BEHIND_TLS = bool(CSRF_TRUSTED_ORIGINS) and all(o.startswith("https://") for o in CSRF_TRUSTED_ORIGINS)
# The one machine whose word about the client's address and scheme is taken (desk.serving hands it to waitress, which
# drops such headers from everybody else). Django itself believes no header: SECURE_PROXY_SSL_HEADER stays unset.
TRUSTED_PROXY = os.environ.get("ZUGONG_PROXY", "").strip()
DATABASES = {"default": _database()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}
RATE_LIMITS = _limits()
globals().update(mail_settings(os.environ))  # ZUGONG_SMTP, ZUGONG_MAIL_FROM; without them nothing is sent
ZUGONG_ADDRESS = os.environ.get("ZUGONG_ADDRESS", "").rstrip("/")  # where the pages are, for links in mails
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}  # any queue; the worker is desk.background
WORKER_LEASE = int(os.environ.get("ZUGONG_WORKER_LEASE") or 60)  # seconds after which a silent worker counts as dead
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "base.User"

ROOMS = [  # from the entrance inwards; tests hold this list and the import contract together
    "base",
    "ui",
    "regulations",
    "organizations",
    "people",
    "tasks",
    "meetings",
    "visits",
    "training",
    "publicity",
    "elections",
    "mentoring",
    "talents",
    "cadres",
    "supervision",
    "statistics",
    "reports",
    "intake",
    "desk",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "csp",
    "django_tasks",
    "django_tasks_db",
    *SIGNING_APPS,
    *(f"zugong.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "zugong.desk.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zugong.desk.door.Door",
    "zugong.desk.limits.Limits",
]
ROOT_URLCONF = "zugong.urls"
WSGI_APPLICATION = "zugong.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zugong.desk.door.frame_of_page",
            ],
            "builtins": ["template_partials.templatetags.partials", "zugong.ui.templatetags.ui"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "Y-m-d"
FORMAT_MODULE_PATH = None
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = None  # nothing is collected: whitenoise serves files where the packages keep them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "desk:login"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # pages hand the token to htmx themselves
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:  # a name the browser takes from this host alone, over https alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 60
FILE_UPLOAD_TEMP_DIR = _incoming()  # not the machine's own: what a crash leaves there nobody would sweep

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "zugong.base.logs.Masked"}},  # no number of a person, no password, no key
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["masked"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},  # its own handlers would not mask
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # whoever asks is told on the page
        "axes": {"level": "ERROR"},  # the trail tells of failed logins
    },
}
