"""Answers: questions in, cited answers or refusals out.

Everything a program needs is here; a name's module is imported when the name is first used, so
that ``import kb`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.article import Article, Hit, Passage
    from index.backup import backup, restore
    from index.collected import Collection
    from index.filter import Filter
    from index.records import Order
    from index.sources.document import Skipped
    from index.sync import Progress, SyncReport
    from index.timeline import Share, Timeline, Unit
    from index.understand import Chip
    from kb.answer import (
        Answer,
        Citation,
        Conflict,
        Delta,
        Event,
        Found,
        Kept,
        Refusal,
        Sentence,
        Verdict,
    )
    from kb.choice import Choice
    from kb.cited import Cited, CitedSentence
    from kb.conversation import Conversation, ConversationEntry, StoredConversation, Turn
    from kb.conversations import Conversations
    from kb.errors import KBError
    from kb.feedback import Rating
    from kb.knowledge_base import KnowledgeBase, ReindexProgress, ReindexReport, Status
    from kb.last_sync import LastSync
    from kb.scope import Scope
    from kb.settings import Settings, load_settings
    from kb.wiring import open_knowledge_base

_HOMES = {
    "index.article": ("Article", "Hit", "Passage"),
    "index.backup": ("backup", "restore"),
    "index.collected": ("Collection",),
    "index.filter": ("Filter",),
    "index.records": ("Order",),
    "index.sources.document": ("Skipped",),
    "index.sync": ("Progress", "SyncReport"),
    "index.timeline": ("Share", "Timeline", "Unit"),
    "index.understand": ("Chip",),
    "kb.answer": (
        *("Answer", "Citation", "Conflict", "Delta", "Event", "Found", "Kept"),
        *("Refusal", "Sentence", "Verdict"),
    ),
    "kb.choice": ("Choice",),
    "kb.cited": ("Cited", "CitedSentence"),
    "kb.conversation": ("Conversation", "ConversationEntry", "StoredConversation", "Turn"),
    "kb.conversations": ("Conversations",),
    "kb.errors": ("KBError",),
    "kb.feedback": ("Rating",),
    "kb.knowledge_base": ("KnowledgeBase", "ReindexProgress", "ReindexReport", "Status"),
    "kb.last_sync": ("LastSync",),
    "kb.scope": ("Scope",),
    "kb.settings": ("Settings", "load_settings"),
    "kb.wiring": ("open_knowledge_base",),
}
_WHERE = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Article",
    "Chip",
    "Choice",
    "Citation",
    "Cited",
    "CitedSentence",
    "Collection",
    "Conflict",
    "Conversation",
    "ConversationEntry",
    "Conversations",
    "Delta",
    "Event",
    "Filter",
    "Found",
    "Hit",
    "KBError",
    "Kept",
    "KnowledgeBase",
    "LastSync",
    "Order",
    "Passage",
    "Progress",
    "Rating",
    "Refusal",
    "ReindexProgress",
    "ReindexReport",
    "Scope",
    "Sentence",
    "Settings",
    "Share",
    "Skipped",
    "Status",
    "StoredConversation",
    "SyncReport",
    "Timeline",
    "Turn",
    "Unit",
    "Verdict",
    "backup",
    "load_settings",
    "open_knowledge_base",
    "restore",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'kb' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
