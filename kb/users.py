"""The file of those who may sign in; of their passwords argon2id is kept (RFC 9106)."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from pathlib import Path

from kb.access import Caller, Scope, checked_name, scope_of
from kb.errors import KBError, NotFoundError, SettingsError

__all__ = ["Users", "drop_user", "put_user"]

_PASSWORD_AT_LEAST = 10


class Users:
    """The users of a file: a line ``name:scope:hash`` each, as ``kb users`` writes it.

    The file is read again when it has changed, so a user who was taken out is out.

    Raises:
        SettingsError: The file cannot be read, or a line of it is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._known: dict[str, tuple[Scope, str]] = {}
        self._fresh()

    def caller(self, name: str, mark: str) -> Caller | None:
        """Return a user, who has signed in before.

        None if there is none such any more, or one with another password.
        """
        known = self._fresh().get(name)
        return Caller(name, known[0]) if known and _mark(known[1]) == mark else None

    def mark(self, name: str) -> str:
        """Return what tells the password of a user from others, and nothing else of it."""
        return _mark(self._fresh()[name][1])

    def scopes(self) -> dict[str, Scope]:
        """Return what each may do, by name."""
        return {name: scope for name, (scope, _) in self._fresh().items()}

    def verified(self, name: str, password: str) -> Caller | None:
        """Return the user with this name and password; None, after as long a time, if none has."""
        from argon2 import PasswordHasher
        from argon2.exceptions import VerificationError

        known = self._fresh().get(name)
        try:
            PasswordHasher().verify(known[1] if known else _nobody(), password)
        except VerificationError:
            return None
        return Caller(name, known[0]) if known else None

    def _fresh(self) -> dict[str, tuple[Scope, str]]:
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp != self._stamp:
                self._known = _users(self._path.read_text("utf-8"), self._path)
                self._stamp = stamp
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"cannot read the users in {str(self._path)!r}: {error}",
                "make the file with: kb users add FILE NAME",
            ) from error
        return self._known


def put_user(path: Path, name: str, scope: Scope, password: str) -> None:
    """Write a user into a file, which is made if it is not there, in the place of one so called.

    Raises:
        KBError: The name cannot be one, or the password is too short.
        SettingsError: The file cannot be read or written.
    """
    if len(password) < _PASSWORD_AT_LEAST:
        raise KBError(
            f"the password has fewer than {_PASSWORD_AT_LEAST} characters", "choose a longer one"
        )
    name = checked_name(name)
    line = f"{name}:{scope.name.lower()}:{_hashed(password)}"
    _rewrite(path, name, [line])


def drop_user(path: Path, name: str) -> None:
    """Take a user out of a file; raises ``NotFoundError`` if there is none such."""
    if name not in Users(path).scopes():
        raise NotFoundError(f"there is no user {name!r} in {str(path)!r}")
    _rewrite(path, name, [])


def _rewrite(path: Path, name: str, more: list[str]) -> None:
    try:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        kept = [line for line in lines if line.partition(":")[0] != name]
        part = path.with_name(f".{path.name}.part")
        part.touch(0o600)
        part.write_text("".join(f"{line}\n" for line in [*kept, *more]), "utf-8")
        part.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot write the users in {str(path)!r}: {error}") from error


def _hashed(password: str) -> str:
    from argon2 import PasswordHasher

    return str(PasswordHasher().hash(password))


def _users(text: str, path: Path) -> dict[str, tuple[Scope, str]]:
    found: dict[str, tuple[Scope, str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        scope, _, hashed = rest.partition(":")
        if not name or not hashed.startswith("$argon2"):
            raise SettingsError(
                f"line {number} of {str(path)!r} is no user", "a line is name:scope:hash"
            )
        found[name] = (scope_of(scope), hashed.strip())
    return found


def _mark(hashed: str) -> str:
    return hashlib.sha256(hashed.encode()).hexdigest()


@cache
def _nobody() -> str:
    """Return the hash of a password that nobody knows, so that a wrong name takes as long."""
    return _hashed(secrets.token_urlsafe())
