"""The Status page: what answers, what it has, what waits, and what the doctor says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb import load_settings
from kb.access import Caller, Scope
from kb.errors import KBError
from ui import render_status as render
from ui.commands.checks import (
    Check,
    State,
    check_disk,
    check_files,
    check_libraries,
    check_memory,
    check_packages,
    check_python,
    check_words,
    free_memory,
)
from ui.frame import answered, framed

if TYPE_CHECKING:
    from ui.api.service import Service

__all__ = ["PATH", "router"]

PATH = "/status"

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def show_status(request: Request) -> Response:
    """Show how the server is; what tells of its disk, to who may administer it."""

    def show(service: Service, caller: Caller) -> Response:
        knowledge_base, desk = service.knowledge_base, service.desk
        status = knowledge_base.status()
        body = render.answering(status, busy=service.busy())
        body += render.queue(desk.served, desk.waiting, service.limits.waiting)
        body += render.syncs(service.syncs.current(), service.syncs.last())
        if caller.scope >= Scope.ADMIN:
            body += render.machine(status.home, knowledge_base.size(), _checks(status.home))
        return framed("Status", PATH, render.page(body), caller)

    return answered(request, PATH, show)


def _checks(home: Path) -> list[Check]:
    """Look at what ``kb doctor`` looks at, but for the home, which is open here."""
    checks = [check_python(), check_packages(), check_libraries(), check_words()]
    try:
        checks += check_files(load_settings(home).models_dir, thorough=False)
    except KBError as error:
        checks.append(Check("settings", State.FAIL, error.problem, error.remedy))
    return [*checks, check_disk(home), check_memory(free_memory())]
