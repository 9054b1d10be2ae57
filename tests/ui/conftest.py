"""The server of the API's tests, for those of the pages beside it."""

from tests.ui.api.conftest import access, serve, users

__all__ = ["access", "serve", "users"]
