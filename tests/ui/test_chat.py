"""The conversation behind the page."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest

from index.understand import Chip
from kb.answer import Delta, Event, Verdict
from kb.errors import ModelError, NotFoundError
from kb.scope import Scope
from tests.ui.doubles import BRIDGE, MOON, ScriptedLibrary, answered, cite, hit
from ui.chat import Chat
from ui.desk import Desk
from ui.stoppable import Problem, stoppable
from ui.turns import Chosen, Session, Shown
from ui.warm_up import WarmUp


def library(pause: float = 0.0, failure: Exception | None = None) -> ScriptedLibrary:
    moon = answered(
        ("It landed.", Verdict.SUPPORTED, cite(1, MOON, "The lander Vikram")),
        ("It rolled.", Verdict.SUPPORTED, cite(2, MOON, "The rover Pragyan")),
    )
    return ScriptedLibrary({"moon": ((hit(MOON), hit(BRIDGE)), moon)}, pause, failure)


def chat_on(double: ScriptedLibrary) -> Chat:
    return Chat(double, WarmUp(double))


def ask(chat: Chat, question: str, session: Session | None = None) -> list[Shown]:
    return list(chat.ask(question, session or Session(), "tab"))


def test_passages_come_first_then_sentences_then_the_answer() -> None:
    shown = ask(chat_on(library()), "the moon?")
    turns = [state.turn for state in shown]
    assert "Searching" in turns[0]
    assert "2 passages found" in turns[1]
    assert "It landed." not in turns[1]
    assert "It landed." in turns[2]
    assert "It rolled." not in turns[2]
    assert 'href="#t1-c2"' in turns[-1]
    assert [state.session is None for state in shown] == [True] * (len(shown) - 1) + [False]


def test_a_conversation_grows_and_earlier_turns_keep_their_ids() -> None:
    double = library()
    chat = chat_on(double)
    session = ask(chat, "the moon?")[-1].session
    session = ask(chat, "and the moon?", session)[-1].session
    assert session is not None
    assert double.asked == [("the moon?", 0), ("and the moon?", 1)]
    assert ['id="t1-c1"' in page for page in session.pages] == [True, False]


def test_a_question_is_asked_again_in_its_place_without_what_was_taken_back() -> None:
    double = library()
    chat = chat_on(double)
    session = ask(chat, "the moon?")[-1].session
    session = ask(chat, "and the moon?", session)[-1].session
    for label in ("from: A", "May 2024", "from: A"):
        assert session is not None
        session = list(chat.ask_again(label, session, "tab"))[-1].session
    assert session is not None
    assert double.asked[1:] == [("and the moon?", 1)] * 4
    back = [scope.without for scope in double.scopes[2:]]
    assert back == [("from: A",), ("from: A", "May 2024"), ("May 2024",)]
    assert len(session.pages) == len(session.conversation.answers) == 2
    ask(chat, "the moon?", session)
    assert (double.asked[-1], double.scopes[-1].without) == (("the moon?", 2), ())


def test_without_a_question_nothing_is_asked_again() -> None:
    double = library()
    assert list(chat_on(double).ask_again("from: A", Session(), "tab")) == []
    assert double.asked == []


def test_stopping_closes_the_stream_and_keeps_what_was_said() -> None:
    double = library(pause=0.4)
    chat = chat_on(double)
    states = chat.ask("the moon?", Session(), "tab")
    for state in states:
        if "It landed." in state.turn:
            chat.stop("tab")
        last = state
    assert double.closed.wait(30)
    assert "Stopped." in last.turn
    assert "It landed." in last.turn
    assert last.session is not None
    assert last.session.conversation.answers == ()


def test_leaving_closes_the_stream() -> None:
    double = library(pause=0.05)
    states = chat_on(double).ask("the moon?", Session(), "tab")
    next(states)
    next(states)
    states.close()  # type: ignore[attr-defined]
    assert double.closed.wait(30)


def test_a_tab_is_answered_one_question_at_a_time() -> None:
    chat = chat_on(library(pause=0.05))
    first = chat.ask("the moon?", Session(), "tab")
    next(first)
    assert list(chat.ask("the moon?", Session(), "tab")) == []
    assert list(chat.ask("the moon?", Session(), "another tab")) != []
    assert list(first)[-1].session is not None
    assert ask(chat, "the moon?") != []


def test_a_blank_question_is_not_asked() -> None:
    double = library()
    assert ask(chat_on(double), " \n") == []
    assert double.asked == []


def test_an_error_is_told_in_its_line() -> None:
    chat = chat_on(library(failure=ModelError("the model broke", "mend it")))
    last = ask(chat, "the moon?")[-1]
    assert "the model broke. mend it." in last.turn
    assert last.session is not None
    assert len(last.session.pages) == 1


def test_a_surprise_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        last = ask(chat_on(library(failure=RuntimeError("secret path"))), "the moon?")[-1]
    assert "secret" not in last.turn
    assert "Something went wrong" in last.turn
    assert "secret path" in caplog.text


def test_a_stream_that_cannot_begin_is_a_problem() -> None:
    def begin() -> list[Event]:
        raise ModelError("no model")

    events = list(stoppable(lambda: iter(begin()), threading.Event()))
    assert events == [Problem("no model.")]


def test_a_stream_may_be_any_iterator() -> None:
    events: list[Event] = [Delta("a"), Delta("b")]
    assert list(stoppable(lambda: iter(events), threading.Event())) == events


def test_the_page_says_that_models_are_loading() -> None:
    double = library()
    warm_up = WarmUp(double)
    assert "Searching" in ask(Chat(double, warm_up), "the moon?")[0].turn
    warm_up.start()
    warm_up.start()
    assert warm_up.busy
    assert "Loading the models" in ask(Chat(double, warm_up), "the moon?")[0].turn
    double.warmth.set()


def test_a_failed_warm_up_is_told() -> None:
    class Cold(ScriptedLibrary):
        def warm(self) -> None:
            raise ModelError("the file is gone", "pull it")

    warm_up = WarmUp(Cold())
    warm_up.start()
    deadline = threading.Event()
    while warm_up.busy:
        deadline.wait(0.01)
    deadline.wait(0.05)
    assert warm_up.problem == "the file is gone. pull it."


def test_what_is_said_is_stored_before_it_is_whole_and_opened_again_the_same() -> None:
    double = library()
    chat = chat_on(double)
    session = ask(chat, "the moon?")[-1].session
    assert session is not None
    session = ask(chat, "and the moon?", session)[-1].session
    assert session is not None
    (entry,) = double.conversations.list()
    assert (entry.id, entry.turns) == (session.id, 2)
    assert f'data-kept="{entry.id}/2"' in session.pages[1]
    again = chat_on(double).opened(entry.id, "")
    assert again.conversation == session.conversation
    assert (again.before, again.question) == (session.before, session.question)
    assert (again.newest, again.kept) != ("", "")
    assert again.kept == session.kept
    for page, before in zip(again.pages, session.pages, strict=True):
        shown, was = (one.partition('class="fn-answer"')[2] for one in (page, before))
        assert shown.partition('class="fn-store"')[0] == was.partition('class="fn-store"')[0]


def test_a_question_asked_again_is_stored_in_its_place() -> None:
    double = library()
    chat = chat_on(double)
    session = ask(chat, "the moon?")[-1].session
    assert session is not None
    (*_, last) = chat.ask_again("from: A", session, "tab")
    assert last.session is not None
    assert last.session.id == session.id
    assert double.conversations.get(session.id).entry.turns == 1


def test_readers_see_their_own_conversations_only() -> None:
    double = library()
    chat = chat_on(double)
    (*_, last) = chat.ask("the moon?", Session(), "tab", "eva")
    assert last.session is not None
    assert not double.conversations.list()
    with pytest.raises(NotFoundError):
        chat.opened(last.session.id, "jan")
    assert chat.opened(last.session.id, "eva").id == last.session.id


def test_an_answer_that_cannot_be_stored_is_shown_and_that_is_told() -> None:
    double = library()
    double.conversations.close()
    turn = ask(chat_on(double), "the moon?")[-1].turn
    assert "It landed." in turn
    assert "the knowledge base is closed" in turn
    assert "data-kept" not in turn


def test_questions_wait_for_their_turn_and_are_told_their_place() -> None:
    double = library()
    desk = Desk(1, waiting=1)
    taken = desk.enter("another")
    asking = Chat(double, WarmUp(double), desk).ask("the moon?", Session(), "tab")
    assert "number 1 in the queue" in next(asking).turn
    (full,) = Chat(double, WarmUp(double), desk).ask("the moon?", Session(), "other")
    assert "As many questions are waiting as may" in full.turn
    taken.leave()
    assert "It landed." in list(asking)[-1].turn
    assert (desk.waiting, desk.served) == (0, 0)


def test_a_question_is_asked_of_some_articles_and_again_of_the_same() -> None:
    double = library()
    chat = chat_on(double)
    scope = Scope(("Sample Gazette",), since="2023-08-01")
    (*_, last) = chat.ask("the moon?", Session(), "tab", chosen=Chosen(scope))
    assert "only Sample Gazette" in last.turn
    assert "only from 2023-08-01" in last.turn
    assert last.session is not None
    (*_, again) = chat.ask_again("", last.session, "tab")
    assert again.session is not None
    assert double.scopes == [scope, scope]


def test_what_failed_can_be_asked_again() -> None:
    double = library(failure=ModelError("no model"))
    chat = chat_on(double)
    failed = ask(chat, "the moon?")[-1]
    assert 'data-chip=""' in failed.turn
    double.failure = None
    assert failed.session is not None
    (*_, again) = chat.ask_again("", failed.session, "tab")
    assert "It landed." in again.turn
    assert again.session is not None
    assert len(again.session.pages) == 1
    assert 'data-chip=""' not in failed.session.pages[0]


def said_twice(double: ScriptedLibrary) -> tuple[Chat, Session]:
    """Return a chat and a session with two questions, the second of which is not answered."""
    chat = chat_on(double)
    session = ask(chat, "the moon?")[-1].session
    session = ask(chat, "and who?", session)[-1].session
    assert session is not None
    return chat, session


def stored(double: ScriptedLibrary, session: Session) -> list[str]:
    """Return the questions of a stored conversation."""
    found = double.conversations.get(session.id)
    return [turn.answer.question for turn in found.turns]


@pytest.mark.parametrize("reloaded", [False, True])
def test_the_newest_question_is_edited_in_its_place(reloaded: bool) -> None:
    double = library()
    chat, session = said_twice(double)
    if reloaded:
        session = chat_on(double).opened(session.id, "")
    assert "fn-edit" in session.newest
    assert not any("fn-edit" in page for page in session.pages)
    last = list(chat.edit(" and which moon? ", session, "tab"))[-1]
    assert double.asked[-1] == ("and which moon?", 1)
    assert "It landed." in last.turn
    assert last.session is not None
    assert stored(double, session) == ["the moon?", "and which moon?"]
    assert len(last.session.pages) == 2
    assert last.session.kept == f"{session.id}/2"
    list(chat.ask("the moon?", last.session, "tab"))
    assert double.asked[-1] == ("the moon?", 2)


def test_an_edited_question_is_asked_of_the_same_articles_and_keeps_no_chip() -> None:
    double = library()
    chat = chat_on(double)
    scope = Scope(("Sample Gazette",), until="2024-01-01")
    session = list(chat.ask("the moon?", Session(), "tab", chosen=Chosen(scope)))[-1].session
    assert session is not None
    session = list(chat.ask_again("from: A", session, "tab"))[-1].session
    assert session is not None
    list(chat.edit("which moon?", session, "tab"))
    assert double.scopes[-2:] == [replace(scope, without=("from: A",)), scope]


def test_an_answer_that_is_read_again_is_still_of_the_articles_that_it_was_asked_of() -> None:
    double = library()
    double.chips = (Chip("source", "A", "from: A", 0, 3),)
    chat = chat_on(double)
    scope = Scope(("Sample Gazette",), ("news",), "2023-08-01", without=("May 2024",))
    (*_, shown) = chat.ask("the moon?", Session(), "tab", chosen=Chosen(scope))
    assert shown.session is not None
    opened = chat_on(double).opened(shown.session.id, "")
    for label in ("only news", "only Sample Gazette", "from: A", "May 2024"):
        assert label in opened.newest
        assert label in opened.pages[-1]
    list(chat.ask_again("", opened, "tab"))
    assert double.scopes == [scope, scope]


@pytest.mark.parametrize("how", ["stopped", "failed", "turned away"])
def test_an_answer_stays_until_the_edited_question_has_one(how: str) -> None:
    double = library()
    chat, session = said_twice(double)
    desk = Desk(1, waiting=0)
    if how == "stopped":
        double.pause = 0.2
    elif how == "failed":
        double.failure = ModelError("the model broke", "mend it")
    else:
        chat = Chat(double, WarmUp(double), desk)
        desk.enter("another")
    for state in chat.edit("<which> moon?", session, "tab"):
        last = state
        if how == "stopped" and "It landed." in state.turn:
            chat.stop("tab")
    assert last.session == session
    assert last.turn.endswith(session.newest)
    assert "“<bdi>&lt;which&gt; moon?</bdi>”" in last.turn
    assert stored(double, session) == ["the moon?", "and who?"]
    double.failure, double.pause = None, 0
    if how != "turned away":
        *_, last = chat.edit("which moon?", session, "tab")
        assert stored(double, session) == ["the moon?", "which moon?"]
        assert last.session is not None
        assert last.session.kept == f"{session.id}/2"


def test_what_could_not_be_stored_takes_the_place_of_nothing_that_was() -> None:
    double = library()
    chat, session = said_twice(double)
    unkept = replace(session, kept="")
    *_, last = chat.edit("which moon?", unkept, "tab")
    assert stored(double, session) == ["the moon?", "and who?", "which moon?"]
    assert last.session is not None
    assert last.session.kept == f"{session.id}/3"


def test_nothing_that_another_tab_added_is_replaced() -> None:
    double = library()
    chat, session = said_twice(double)
    elsewhere = chat_on(double).opened(session.id, "")
    list(chat.ask("the other moon?", elsewhere, "another tab"))
    list(chat.edit("which moon?", session, "tab"))
    assert stored(double, session)[1:] == ["and who?", "the other moon?", "which moon?"]


def test_without_a_question_nothing_is_edited() -> None:
    double = library()
    chat, session = said_twice(double)
    assert list(chat.edit("the moon?", Session(), "tab")) == []
    assert list(chat.edit(" \n", session, "tab")) == []
    assert len(double.asked) == 2
