"""How static files are named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_REWRITE = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names that change with the content, in the imports of our scripts too."""

    support_js_module_import_aggregation = True
    # Only ours: those of packages have imports in their comments.
    _js_module_import_aggregation_patterns = ("js/*.js", _REWRITE)
