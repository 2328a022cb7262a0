"""Django settings. Everything that differs between installations comes from the environment.

Without any of it this is the one-machine form: SQLite, a broker in memory, secrets made on the
first run. With DATABASE_URL and REDIS_URL the same code runs as many processes on many machines.
"""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import certificate, env, keys
from speech.thresholds import NARRATOR

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS")
REDIS_URL = env.text("REDIS_URL")
DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'cotorra.sqlite3'}")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    if HTTPS:
        ALLOWED_HOSTS += [*certificate.home_addresses(), *certificate.host_names()]
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")

# Secrets: two nodes that made their own could not read each other's recordings.
SECRET_KEY = env.text("SECRET_KEY")
RECORDING_KEYS = env.listing("RECORDING_KEYS")
if not (SECRET_KEY and RECORDING_KEYS):
    if REDIS_URL or not DATABASE_URL.startswith("sqlite"):
        raise ImproperlyConfigured(
            "With DATABASE_URL or REDIS_URL set, SECRET_KEY and RECORDING_KEYS must be set too."
        )
    made = keys.load_or_create(VAR_DIR / "secrets.json")
    SECRET_KEY = SECRET_KEY or made["SECRET_KEY"]
    RECORDING_KEYS = RECORDING_KEYS or made["RECORDING_KEYS"].split(",")

INSTALLED_APPS = [
    "config",
    "accounts",
    "learning",
    "assessment",
    "channels",
    "django_htmx",
    "import_export",
    "reversion",
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.GzippedText",
    "config.middleware.permissions_policy",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.spanish_unless_chosen",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=0, conn_health_checks=True)
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif connections := env.number("DATABASE_CONNECTIONS", 20):
    # Of a process, at most; 0 for no pool. Every page has a thread, and would make a connection.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": connections,
        "timeout": 10,  # s until a page with none of them fails
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not DEBUG:
    STATIC_STORAGE = "config.storage.HashedStaticFiles"
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "config.storage.WholeFiles",
        "OPTIONS": {"location": MEDIA_ROOT / "public"},
    },
    # Encrypted voices: no address leads here, only views that check whose they are.
    "recordings": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": MEDIA_ROOT / "recordings",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}

# The engine (SPEECH_BUNDLE names another bundle than the one in the code: speech/thresholds.py)
SPEECH_THREADS = env.number("SPEECH_THREADS", 1)

# Recording: how many takes at once
RECORDINGS_PER_PROCESS = env.number("RECORDINGS_PER_PROCESS", 200)
RECORDINGS_PER_PROFILE = env.number("RECORDINGS_PER_PROFILE", 2)
# Live marking: takes a process follows at once; 0 for none (as where torch is not installed)
LIVE_STREAMS = env.number("LIVE_STREAMS", 64)
# Scoring: a worker that died loses its claim when the lease ends
SCORE_LEASE_S = env.number("SCORE_LEASE_S", 60)
SCORE_DEADLINE_S = env.number("SCORE_DEADLINE_S", 20)
SCORE_MAX_TRIES = env.number("SCORE_MAX_TRIES", 3)
SCORE_REQUEUE_S = env.number("SCORE_REQUEUE_S", 10)
SWEEP_S = env.number("SWEEP_S", 30)
FAILED_RECORDING_HOURS = env.number("FAILED_RECORDING_HOURS", 24)

# The voice that reads aloud (NARRATOR_BUNDLE names another; where there is none, espeak-ng reads)
NARRATOR_BUNDLE = str(NARRATOR)
NARRATE_WAIT_S = env.number("NARRATE_WAIT_S", 8)  # for a worker; then espeak-ng stands in
# A worker that died at a text holds it no longer than this.
NARRATE_LEASE_S = env.number("NARRATE_LEASE_S", 60)
# Of every half minute, for what nobody has asked for yet; 0 for none.
NARRATE_AHEAD_S = env.number("NARRATE_AHEAD_S", 2)

# Accounts and sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:who_learns"
AXES_FAILURE_LIMIT = 5
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who signed in when, and from where, is nobody's business
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "accounts.throttle.address"
# From one network address, behind which a whole school may be
SIGN_UPS_PER_HOUR = env.number("SIGN_UPS_PER_HOUR", 200)
RESETS_PER_HOUR = env.number("RESETS_PER_HOUR", 100)
# Who has no account is known by the session alone, so it lasts.
SESSION_COOKIE_AGE = 365 * 24 * 60 * 60

# Letters: without a mail server none is sent, and none is waited for.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Cotorra <cotorra@localhost>")

# Security
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 0)
# Whether whole domains are https-only, and where plain http leads, is for the proxy in front.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
# The proxy sets X-Forwarded-Proto, and puts who asks last in X-Forwarded-For.
BEHIND_PROXY = env.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Older Safari does not count its own socket as 'self'.
SOCKETS = [
    f"{'wss' if HTTPS else 'ws'}://{host}:*"
    for host in ALLOWED_HOSTS
    if not host.startswith((".", "[", "*"))
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "connect-src": [SELF, *SOCKETS],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# Spreadsheets: a cell that begins with '=' is text, not a formula.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# Language
LANGUAGE_CODE = "es"
LANGUAGES = [
    ("es", "Español (España)"),
    ("es-mx", "Español (Latinoamérica)"),
    ("en", "English"),
]
LANGUAGE_COOKIE_AGE = SESSION_COOKIE_AGE
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Europe/Madrid")
USE_TZ = True

# Jobs and pushes
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
}
if not REDIS_URL:
    # The memory transport otherwise looks for work once a second.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.01}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "maintain"
CELERY_TASK_ROUTES = {
    "assessment.tasks.score_*": {"queue": "score"},
    "learning.tasks.narrate_*": {"queue": "narrate"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60  # a child loads the engine before it says that it lives
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "assessment.tasks.sweep",
        "schedule": float(SWEEP_S),
        "options": {"queue": "maintain", "expires": SWEEP_S},
    },
    "tidy": {
        "task": "assessment.tasks.tidy",
        "schedule": 600.0,
        "options": {"queue": "maintain", "expires": 600},
    },
    "narrate": {
        "task": "learning.tasks.narrate_ahead",
        "schedule": 30.0,
        "options": {"queue": "narrate", "expires": 30},
    },
    "old-voices": {
        "task": "learning.tasks.prune_voices",
        "schedule": 3600.0,
        "options": {"queue": "maintain", "expires": 3600},
    },
}
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # redis-py gives up after 5 s by default, as long as Channels lets it wait for a message.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 15}]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
# What is counted for an hour (accounts/throttle.py), by all machines together
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 5},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# How many jobs the one-process form works on at once.
WORKER_THREADS = env.number("WORKER_THREADS", 2)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "celery": {"level": "INFO" if REDIS_URL else "WARNING"},
    },
}
