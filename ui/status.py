"""The Status page: what answers, what it has, what waits, and what the doctor says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb import load_settings
from kb.access import Caller, Scope
from kb.checks import checked
from ui import render_status as render
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
        body += render.syncs(service.syncs.current(), knowledge_base.last_sync())
        if caller.scope >= Scope.ADMIN:
            checks = checked(lambda: load_settings(status.home), thorough=False)
            body += render.machine(status.home, knowledge_base.size(), checks)
        return framed("Status", PATH, render.page(body), caller)

    return answered(request, PATH, show)
