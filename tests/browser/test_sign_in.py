"""A server that asks who is there: sign in, ask, see only one's own, sign out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.access import Access, Scope
from kb.users import Users, put_user
from tests.browser.conftest import open_tab, served
from tests.browser.test_page import library
from ui.gate import Keys

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_users_sign_in_and_see_only_their_own(browser: Browser, tmp_path: Path) -> None:
    file, access = tmp_path / "users", Access(tmp_path / "access.sqlite")
    for name in ("eva", "jan"):
        put_user(file, name, Scope.READ, f"the password of {name}")
    with served(library(), keys=Keys(access, Users(file))) as origin:
        for name in ("eva", "jan"):
            tab = open_tab(browser, origin, sign_in=(name, f"the password of {name}"))
            tab.page.get_by_text("None yet.").wait_for()
            tab.ask("What happened to the bridge?")
            tab.answer(1)
            tab.page.wait_for_selector(".fn-shelf-open")
            tab.page.get_by_role("button", name=f"{name}: sign out").click()
            tab.page.wait_for_url("**/sign-in")
            tab.page.goto(origin)
            assert tab.page.url.endswith("/sign-in")
            assert [fault for fault in tab.faults if "401" not in fault] == []
    access.close()
