"""What the server of children that are killed imports, so that each kill meets work, not imports.

Only that server imports it: it takes a second, and nothing else is done when modules load.
"""

from __future__ import annotations

import chromadb.api.rust  # noqa: F401
import datasketch  # noqa: F401

import tests.faults.reindexing
import tests.faults.syncing
import tests.faults.talking  # noqa: F401
from index.readers.language import detected

detected("The model of languages is read once, before there are children.")
