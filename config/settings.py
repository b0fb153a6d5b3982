"""Django's settings. Everything that differs between installations is read from the environment (`config/env.py`)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import schedule
from csp.constants import NONCE, NONE, SELF, STRICT_DYNAMIC

from config.env import Environment

ROOT = Path(__file__).resolve().parent.parent
_env = Environment()

SECRET_KEY = _env.secret_key()
SECRETS_KEYS = _env.secrets_keys()
DEBUG = _env.flag("DEBUG")
BASE_URL = _env.base_url()
_base = urlsplit(BASE_URL)
_https = _base.scheme == "https"
ALLOWED_HOSTS = sorted({_base.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = _env.number("TRUSTED_PROXIES")

# Sockets are served by a process of their own (config/asgi.py), at another port unless a proxy joins the two.
_base_port = _base.port or (443 if _https else 80)
REALTIME_PORT = _env.number("REALTIME_PORT") or _base_port + 1
REALTIME_URL = _env.realtime_url(base_url=BASE_URL, port=REALTIME_PORT)
# A machine's own address has two names, and the cookie stays with the one that the page was opened under.
_loopback = {"127.0.0.1", "localhost"}
_names = sorted(_loopback) if _base.hostname in _loopback and not _https else []
_beside = f"ws://{_base.hostname}:{REALTIME_PORT}" == REALTIME_URL
REALTIME_URLS = {f"{name}:{_base_port}": f"ws://{name}:{REALTIME_PORT}" for name in _names if _beside}
REALTIME_ORIGINS = [f"{_base.scheme}://{_base.netloc}", *(f"http://{name}:{_base_port}" for name in _names)]

INSTALLED_APPS = [
    "config.apps.Wiring",
    "config.apps.StaticFiles",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",  # registers the operator classes of indexes
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_htmx",
    "workspaces",
    "contacts",
    "inbox",
    "imports",
    "exports",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "workspaces.web.middleware.RequestContext",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workspaces.web.middleware.SignInsSeen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "workspaces.web.middleware.PersonalSettings",
    "workspaces.web.middleware.WorkspaceScope",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.templates.AppFolders", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "workspaces.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "workspaces.web.templatetags.components",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# The app role: no superuser, no BYPASSRLS, owner of nothing. Migrations run as the owner (DATABASE_OWNER_URL).
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # safe behind PgBouncer in transaction mode
        "OPTIONS": {"application_name": "tertulia", "connect_timeout": 5},
    }
}
if _env.text("DATABASE_OWNER_URL"):
    DATABASES["owner"] = {
        "ENGINE": "django.db.backends.postgresql",
        **_env.database("DATABASE_OWNER_URL"),
        "OPTIONS": {"application_name": "tertulia-owner", "connect_timeout": 5},
        "TEST": {"MIRROR": "default"},
    }
if _env.text("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = {
        "ENGINE": "django.db.backends.postgresql",
        **_env.database("DATABASE_REPLICA_URL"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        # A host that is gone without a word is noticed within 10 s, also amid a statement.
        "OPTIONS": {
            "application_name": "tertulia-reports",
            "connect_timeout": 2,
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 4,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        },
        "TEST": {"MIRROR": "default"},
    }
REPLICA_LAG_SECONDS = _env.number("REPLICA_LAG_SECONDS")
REPORT_SECONDS = _env.number("REPORT_SECONDS")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis = _env.redis("REDIS_URL")
_cache = _env.redis("CACHE_URL") or (f"{_redis.rpartition('/')[0]}/1" if _redis.count("/") > 2 else f"{_redis}/1")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
CACHE_URL = _cache

AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "workspaces.web.allauth_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people join by invitation, and the invitation's address is verified by its link
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False  # a reset does not switch the second factor off
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told by mail
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES  # whose X-Forwarded-For the limits per address believe
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tertulia"
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())  # idle; saved again while in use
SESSION_LONGEST = timedelta(days=14)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-tertulia" if _https else "tertulia"
CSRF_COOKIE_NAME = "__Host-tertulia-csrf" if _https else "tertulia-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "workspaces.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS redirects
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The proxy that ends TLS redirects; whether subdomains and preload lists are wanted is the domain owner's to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, STRICT_DYNAMIC],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "connect-src": [SELF, *sorted({REALTIME_URL, *REALTIME_URLS.values()} - {""})],
        "frame-src": [SELF],  # mails as they were sent, each in a sandbox with a policy of its own
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = _env.text("STATIC_DIR") or None
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_AUTOREFRESH = DEBUG
FILES_DIR = _env.text("FILES_DIR")
_bucket = _env.text("S3_BUCKET")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": _env.text("S3_ENDPOINT_URL") or None,
            "region_name": _env.text("S3_REGION") or None,
            "access_key": _env.text("S3_ACCESS_KEY_ID") or None,
            "secret_key": _env.text("S3_SECRET_ACCESS_KEY") or None,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
    if _bucket
    else {"BACKEND": "workspaces.files.LocalFiles", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {
        "BACKEND": "config.static.HashedFiles"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = ["imports.uploads.CappedUpload"]  # no page takes a larger file
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

_mail = _env.mail()
DEFAULT_FROM_EMAIL = _env.text("MAIL_FROM")
if _mail:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.tls, _mail.ssl
    EMAIL_TIMEOUT = 15
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = _env.text("MAIL_DIR")

# Networks and hosts beyond the public ones that workspaces/outside may reach.
OUTSIDE_ALLOW = _env.words("OUTSIDE_ALLOW")

BELL_URL = _redis  # what open pages are told goes through it (workspaces/bells.py)
CELERY_BROKER_URL = _redis
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 960
CELERY_TASK_SOFT_TIME_LIMIT = 900
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_VISIBILITY_TIMEOUT = 3600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "ingest"
CELERY_TASK_ROUTES = {
    "imports.*": {"queue": "bulk"},
    "exports.*": {"queue": "bulk"},
    "inbox.deliver": {"queue": "send"},
    "inbox.fetch": {"queue": "send"},
    "workspaces.deliver_hook": {"queue": "hooks"},
    "workspaces.mail": {"queue": "hooks"},
}
# Beat only sweeps; what it finds is said by rows, so that two beats or none do no harm. Seconds, and the queue.
_SWEEPS = {
    "exports.sweep": (10, "ingest"),
    "exports.run_schedules": (30, "ingest"),
    "exports.delete_stray_files": (6 * 3600, "bulk"),
    "imports.sweep": (10, "ingest"),
    "inbox.sweep_deliveries": (10, "ingest"),
    "inbox.end_snoozes": (10, "ingest"),
    "inbox.end_unseen_locks": (15, "ingest"),
    "inbox.end_silent_runs": (15, "ingest"),
    "inbox.resolve_quiet": (600, "ingest"),
    "inbox.delete_stray_files": (6 * 3600, "bulk"),
    "reports.fold_tallies": (20, "bulk"),
    "workspaces.end_quiet_presences": (10, "ingest"),
    "workspaces.sweep_hooks": (5, "ingest"),
    "workspaces.sweep": (10, "ingest"),
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": schedule(seconds), "options": {"queue": queue, "expires": seconds}}
    for name, (seconds, queue) in _SWEEPS.items()
}

# What the house asks of the apps above it, by name, because imports point down.
OFFLINE_AFTER = "inbox.queries.presence.offline_after"
AFTER_LOG_OUT = "inbox.actions.leaving.member_left"

# What people are told, app by app: workspaces/notices.py reads these tables.
# What the inbox must do in the transaction of a contact's change (contacts/followers.py).
CONTACT_FOLLOWER = "inbox.actions.following.FOLLOWER"
NOTIFICATION_KINDS = [
    "exports.notices.KINDS",
    "imports.notices.KINDS",
    "inbox.channel_notices.KINDS",
    "inbox.notices.KINDS",
    "workspaces.hook_notices.KINDS",
]
# Who finds things for the command palette beside contacts and pages (contacts/web/palette.py).
PALETTE_FINDERS = ["inbox.web.palette.find"]
# What webhooks can tell of: workspaces/hook_kinds.py reads these.
HOOK_KINDS = ["contacts.hooks.HOOKS", "inbox.hooks.HOOKS", "imports.hooks.HOOKS", "exports.hooks.HOOKS"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["workspaces.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "workspaces.api.problems.answer",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tertulia API",
    "VERSION": "2",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Contacts, workspace and imports of one workspace. Send `Authorization: Bearer <token>`.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v2",
    # Several bodies have a state, and each has states of its own.
    "ENUM_NAME_OVERRIDES": {"BlockState": "reports.api.serializers.BLOCK_STATES"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"))},
    "loggers": {"django": {"level": "WARNING"}, "celery.app.trace": {"level": "WARNING"}},
}

_env.finish()
