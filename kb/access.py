"""Who may do what: tokens for programs, and the sessions of users who have signed in.

Nothing here can be turned back into a secret: of these, which are random and long, SHA-256 is kept.
Users and their passwords are in ``kb.users``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType

from index.database import Database
from index.home import CATALOG
from index.kept import ACCESS
from index.schema import Schema
from kb.errors import HomeError, KBError, NotFoundError, SettingsError

__all__ = [
    "ACCESS",
    "Access",
    "Caller",
    "Scope",
    "Token",
    "access_of",
    "checked_name",
    "scope_of",
]

_PREFIX = "fn_"
_SESSION_DAYS = 14
_NAME_AT_MOST = 60

_TABLES = Schema(
    name="store of tokens",
    application_id=0x464E4143,  # "FNAC"
    version=2,
    tables="""
CREATE TABLE tokens (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scope INTEGER NOT NULL,
    created_at TEXT NOT NULL, expires_at TEXT
);
CREATE TABLE sessions (secret TEXT PRIMARY KEY, user TEXT NOT NULL, expires_at TEXT NOT NULL,
    mark TEXT NOT NULL DEFAULT '')
""",
    migrations=MappingProxyType(
        {1: "ALTER TABLE sessions ADD COLUMN mark TEXT NOT NULL DEFAULT ''"}
    ),
)


class Scope(IntEnum):
    """What somebody may do; each is also all before it."""

    READ = 1
    WRITE = 2
    ADMIN = 3


def scope_of(name: str) -> Scope:
    """Return the scope of this name; raises ``SettingsError`` if there is none."""
    try:
        return Scope[name.upper()]
    except KeyError:
        raise SettingsError(f"no scope {name!r}", "use read, write or admin") from None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: Whose conversations they see; empty where nobody is asked who they are.
        scope: What they may do.
        address: From where they ask, if that is all that tells them from others.
    """

    name: str
    scope: Scope
    address: str = ""

    @property
    def place(self) -> str:
        """What they are known by where everybody has a turn."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; not the token itself.

    Attributes:
        name: Whose conversations it sees.
        created_at, expires_at: ISO 8601, UTC; without the latter it does not expire.
    """

    id: str
    name: str
    scope: Scope
    created_at: str
    expires_at: str | None


class Access:
    """The tokens and sessions of a home; safe to use from several threads.

    Args:
        path: The file, made if it is not there.

    Raises:
        CatalogError: The file is damaged or of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._db = Database(path, _TABLES)
        path.chmod(0o600)

    def create(self, name: str, scope: Scope, days: int | None = None) -> tuple[str, Token]:
        """Make a token; return it, which nobody can do again, and what is known of it.

        Args:
            name: One line, 60 characters at most.
            days: After which it expires.

        Raises:
            KBError: The name cannot be one.
        """
        name = checked_name(name)
        secret = _PREFIX + secrets.token_urlsafe(32)
        expires = None if days is None else _iso(_now() + dt.timedelta(days=days))
        token = Token(secrets.token_hex(4), name, scope, _iso(_now()), expires)
        with self._db.transaction():
            self._db.run(
                "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?)",
                *(token.id, _digest(secret), name, int(scope), token.created_at, expires),
            )
        return secret, token

    def tokens(self) -> list[Token]:
        """Return all tokens, the oldest first."""
        rows = self._db.rows(
            "SELECT id, name, scope, created_at, expires_at FROM tokens ORDER BY created_at, id"
        )
        return [Token(id, name, Scope(scope), at, until) for id, name, scope, at, until in rows]

    def revoke(self, id: str) -> Token:
        """Take a token back, and return what was known of it; raises ``NotFoundError``."""
        with self._db.transaction():
            found = [one for one in self.tokens() if one.id == id]
            if not found:
                raise NotFoundError(f"there is no token {id!r}", "see them with: kb token list")
            self._db.run("DELETE FROM tokens WHERE id = ?", id)
        return found[0]

    def bearer(self, secret: str) -> Caller | None:
        """Return who comes with this token; None if it is none, or has expired."""
        rows = self._db.rows(
            "SELECT name, scope FROM tokens WHERE secret = ?"
            " AND (expires_at IS NULL OR expires_at > ?)",
            _digest(secret),
            _iso(_now()),
        )
        return Caller(rows[0][0], Scope(rows[0][1])) if rows else None

    def sign_in(self, user: str, mark: str) -> str:
        """Begin a session of two weeks and return its secret, for a cookie.

        Args:
            mark: Of the password that they signed in with, see ``Users``.
        """
        secret = secrets.token_urlsafe(32)
        until = _iso(_now() + dt.timedelta(days=_SESSION_DAYS))
        with self._db.transaction():
            self._db.run("DELETE FROM sessions WHERE expires_at <= ?", _iso(_now()))
            self._db.run(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", _digest(secret), user, until, mark
            )
        return secret

    def session(self, secret: str) -> tuple[str, str] | None:
        """Return user and mark of a session; None if there is none such, or it has expired."""
        rows = self._db.rows(
            "SELECT user, mark FROM sessions WHERE secret = ? AND expires_at > ?",
            _digest(secret),
            _iso(_now()),
        )
        return rows[0] if rows else None

    def sign_out(self, secret: str) -> None:
        """End a session, if there is one."""
        with self._db.transaction():
            self._db.run("DELETE FROM sessions WHERE secret = ?", _digest(secret))

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._db.close()


def access_of(home: Path) -> Access:
    """Open the tokens of a home, which another process may have open, too.

    Raises:
        HomeError: There is no knowledge base there.
    """
    if not (home / CATALOG).exists():
        raise HomeError(
            f"there is no knowledge base in {str(home)!r}", "make one with: kb sync PATH"
        )
    return Access(home / ACCESS)


def checked_name(name: str) -> str:
    """Return a name without spaces around it; raises ``KBError`` if it cannot be one."""
    if not name.strip() or not name.isprintable() or len(name) > _NAME_AT_MOST or ":" in name:
        raise KBError(
            f"{name[:80]!r} cannot be a name", f"use up to {_NAME_AT_MOST} characters without ':'"
        )
    return name.strip()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")
