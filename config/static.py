from django.contrib.staticfiles.storage import ManifestFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_STYLESHEET = ManifestFilesMixin.patterns[0][1][:2]  # url() and @import; the third is source maps, which we leave out
_MODULE = ManifestFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]  # noqa: SLF001 - not in the stubs


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Static files under names that hold their hash, imports between our ES modules rewritten too.

    Libraries' scripts are left as they are: they name source maps and modules that only a bundler would find.
    """

    manifest_strict = True
    patterns = (
        ("*.css", _STYLESHEET),
        *((f"{app}/*.js", _MODULE) for app in ("workspaces", "contacts", "inbox", "reports", "imports", "exports")),
    )
