"""Settings for tests: the real ones, with everything they write in a folder of this run alone."""

import atexit
import os
import shutil
import tempfile

folder = tempfile.mkdtemp(prefix="cotorra-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["VAR_DIR"] = folder
os.environ["DEBUG"] = "1"
os.environ.setdefault("SECRET_KEY", "a secret of the tests")
os.environ.setdefault("RECORDING_KEYS", "Y290b3JyYS1jb3RvcnJhLWNvdG9ycmEtY290b3JyYSE=")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

# espeak-ng speaks, which is quick and takes no worker; tests of our own voice name its bundle.
NARRATOR_BUNDLE = f"{folder}/no-narrator"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, as in production: SQLite in memory with a shared cache locks differently.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": f"{folder}/test.sqlite3"}
