"""Conversations are stored as they were streamed, and stay so when articles change or go."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from kb import Answer, Citation, Conversation, Conversations, KBError, Refusal, backup, restore
from kb.conversation_tables import ENTRIES, WITH_WORDS_BEFORE
from kb.errors import CatalogError, NotFoundError
from tests.conftest import OpenKB

QUESTION = "How many cracks did engineers find in the bridge at Ostrava?"


def refused(question: str) -> Answer:
    return Answer(question, "The articles say nothing.", "m", refusal=Refusal.NO_EVIDENCE)


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.sqlite", lambda _: None)


def test_after_a_restart_the_answers_are_those_that_were_streamed(open_kb: OpenKB) -> None:
    kb = open_kb()
    first = kb.ask(QUESTION)
    assert first.citations
    entry = kb.conversations.create(first)
    said = kb.conversations.get(entry.id).conversation
    second = kb.ask("And what will the repair cost?", said)
    kb.conversations.append(entry.id, second)
    third = kb.ask("Who won the cup in Nairobi?")
    assert third.refusal
    entry = kb.conversations.append(entry.id, third)
    again = open_kb()
    stored = again.conversations.get(entry.id)
    assert stored.conversation == Conversation((first, second, third))
    assert stored.entry == entry
    assert (entry.turns, entry.title) == (3, QUESTION)
    assert again.conversations.latest() == entry
    assert all(citation.kept is None for citation in stored.turns[0].answer.citations)


def test_a_follow_up_is_understood_after_a_restart(open_kb: OpenKB) -> None:
    before = open_kb()
    id = before.conversations.create(before.ask(QUESTION)).id
    kb = open_kb()
    answer = kb.ask("And what will it cost?", kb.conversations.get(id).conversation)
    assert answer.standalone.startswith("How many cracks")
    assert "euros" in answer.text


def test_a_changed_article_is_quoted_as_it_was(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    answer = kb.ask(QUESTION)
    id = kb.conversations.create(answer).id
    file = folder / "bridge.md"
    file.write_text(file.read_text("utf-8").replace("14 cracks", "a few cracks"), "utf-8")
    kb.sync(folder)
    shown = kb.conversations.get(id).turns[0].answer
    assert shown.text == answer.text
    for was, now in zip(answer.citations, shown.citations, strict=True):
        assert (now.quote, now.start, now.end, now.page) == (was.quote, was.start, was.end, None)
        assert replace(now.article, text="") == replace(was.article, text="")
    (changed,) = [one for one in shown.citations if "14 cracks" in one.quote]
    assert changed.kept
    assert not changed.kept.removed
    assert "changed since" in kb.conversations.export(id)


def test_new_metadata_does_not_change_what_was_cited(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    answer = kb.ask(QUESTION)
    id = kb.conversations.create(answer).id
    file = folder / "bridge.md"
    file.write_text(file.read_text("utf-8").replace("Sample Post", "Another Post"), "utf-8")
    assert kb.sync(folder).updated
    assert kb.conversations.get(id).turns[0].answer == answer


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_removed_article_is_still_quoted(open_kb: OpenKB, folder: Path, by_hand: bool) -> None:
    kb = open_kb()
    answer = kb.ask(QUESTION)
    id = kb.conversations.create(answer).id
    if by_hand:
        kb.remove(["news/bridge.md"])
    else:
        (folder / "bridge.md").unlink()
        kb.sync(folder)
        kb.compact()
    shown = kb.conversations.get(id).turns[0].answer
    assert [one.quote for one in shown.citations] == [one.quote for one in answer.citations]
    assert all(one.kept and one.kept.removed for one in shown.citations)
    assert shown.citations[0].article.title == "The bridge at Ostrava"
    again = kb.ask("And what will it cost?", kb.conversations.get(id).conversation)
    assert again.standalone.startswith("How many cracks")


def test_compacting_takes_only_what_is_of_the_removed_article(open_kb: OpenKB) -> None:
    kb = open_kb(
        "There are 14 cracks in the piers of the bridge [1]. Biologists counted 31 otters [2]. "
        "Biologists counted 99 otters [2]."
    )
    answer = kb.ask("How many cracks in the old bridge at Ostrava, how many otters on the Odra?")
    uris = {one.article.uri for one in answer.citations}
    assert uris == {"news/bridge.md", "news/otters.txt"}
    id = kb.conversations.create(answer, refused("What is love?")).id
    kb.remove(["news/bridge.md"])
    kb.compact()
    shown, other = kb.conversations.get(id).conversation.answers
    assert other == refused("What is love?")
    assert shown.question == answer.question
    kept = [one for one in shown.citations if one.quote]
    assert kept == [one for one in answer.citations if one.article.uri == "news/otters.txt"]
    (gone,) = [one for one in shown.citations if not one.quote]
    assert (gone.article.uri, gone.article.title) == ("news/bridge.md", "news/bridge.md")
    assert gone.kept
    assert gone.kept.removed
    assert shown.text == (
        f"(removed with its article) [{gone.number}]"
        f" Biologists counted 31 otters. [{kept[0].number}]"
    )
    assert len(shown.sentences) == 2, "a sentence that was withheld may repeat anything"
    assert "an article was removed" in shown.notes[0]


def test_a_title_is_one_line_of_the_first_question_until_it_is_renamed(
    store: Conversations,
) -> None:
    id = store.create(refused("What\n is\tlove? ")).id
    assert store.append(id, refused("And hate?")).title == "What is love?"
    assert store.rename(id, "  Love \n and hate ").title == "Love and hate"
    assert store.append(id, refused("And?")).title == "Love and hate"
    assert store.create(refused("Why?"), title="Reasons").title == "Reasons"
    long = store.create(refused("why " * 100)).title
    assert len(long) <= 120
    assert long.endswith("why…")
    empty = store.create()
    assert (empty.title, empty.turns, empty.updated_at) == ("", 0, empty.created_at)
    with pytest.raises(KBError, match="the title is empty"):
        store.rename(id, " \n")


@pytest.mark.parametrize("hostile", ["'; DROP TABLE turns; --", "\0\x1b[2J", "\ud800", "%_%", "🦦"])
def test_hostile_words_are_stored_found_and_do_no_harm(store: Conversations, hostile: str) -> None:
    answer = refused(f"What of {hostile} here?")
    entry = store.create(answer, title=f"Title {hostile} end")
    store.rename(entry.id, f"Again {hostile} end")
    assert store.get(entry.id).turns[0].answer == answer
    assert [one.id for one in store.search(f"AGAIN {hostile} what")] == [entry.id]
    assert store.search(f"{hostile} otters") == ()
    for text in (store.export(entry.id, "md"), store.export(entry.id, "json")):
        text.encode("utf-8")
    with pytest.raises(NotFoundError):
        store.get(hostile)


def test_what_is_deleted_is_gone_and_the_rest_is_not(store: Conversations) -> None:
    first, second = store.create(refused("One?")), store.create(refused("Two?"))
    assert store.delete(first.id) == first
    assert store.list() == (second,)
    for call in (store.get, store.delete, store.export):
        with pytest.raises(NotFoundError, match="kb conversations list"):
            call(first.id)
    with pytest.raises(NotFoundError):
        store.append(first.id, refused("Three?"))
    with pytest.raises(NotFoundError):
        store.list(before=first.id)
    assert store.get(second.id[:4]).entry == second
    with pytest.raises(NotFoundError):
        store.get(second.id[:3])


@pytest.mark.parametrize(
    ("last", "left"), [(None, ["one", "new"]), (2, ["one", "new"]), (1, ["one", "two", "new"])]
)
def test_the_last_answer_is_replaced_unless_another_came_after_it(
    store: Conversations, last: int | None, left: list[str]
) -> None:
    id = store.create(refused("one"), refused("two")).id
    assert store.replace_last(id, refused("new"), last).turns == len(left)
    assert [turn.answer.question for turn in store.get(id).turns] == left


def test_a_title_is_of_the_first_question_as_it_was_asked_at_last(store: Conversations) -> None:
    asked, named = store.create(refused("one")), store.create(refused("one"), title="Mine")
    assert store.replace_last(asked.id, refused("two")).title == "two"
    assert store.replace_last(named.id, refused("two")).title == "Mine"
    store.append(asked.id, refused("three"))
    assert store.replace_last(asked.id, refused("four")).title == "two"


def test_pages_are_the_same_while_conversations_are_added_to(store: Conversations) -> None:
    ids = [store.create(refused(f"Question {n}?")).id for n in range(7)]
    page = store.list(3)
    store.append(ids[0], refused("Again?"))
    store.create(refused("A new one?"))
    pages = [page]
    while page := store.list(3, before=page[-1].id):
        pages.append(page)
    assert [one.id for page in pages for one in page] == ids[::-1]
    latest = store.latest()
    assert latest
    assert latest.title == "A new one?"
    assert store.append(ids[2], refused("And?")) == store.latest()


def test_words_are_found_in_titles_questions_and_answers(store: Conversations) -> None:
    one = store.create(refused("Where is Österreich?"), title="Atlas")
    two = store.create(refused("Who?"), refused("月球在哪里?"))
    assert store.search("österreich ATLAS") == (one,)
    assert store.search("articles say nothing") == (two, one)
    assert store.search("articles", 1) == (two,)
    assert store.search("articles", before=two.id) == (one,)
    assert store.search("月球 who") == (two,)
    assert store.search("supported") == store.search("no_evidence") == (), "no word of the JSON"


def test_a_list_reads_no_answers(store: Conversations, tmp_path: Path) -> None:
    for n in range(40):
        store.create(*(refused(f"Question {n}, {m}?") for m in range(50)))
    assert [one.turns for one in store.list()] == [50] * 40
    with closing(sqlite3.connect(tmp_path / "conversations.sqlite")) as db:
        db.create_function("folded", 1, str.casefold)
        plan = db.execute(
            f"EXPLAIN QUERY PLAN {ENTRIES} {WITH_WORDS_BEFORE}", ("", 9, "[]", 50)
        ).fetchall()
    steps = [row[3] for row in plan]
    assert steps[0].startswith("SEARCH c USING INTEGER PRIMARY KEY")
    assert "SEARCH t USING COVERING INDEX turns_conversation (conversation=?)" in steps
    assert not any(step.startswith(("SCAN t", "SCAN c", "USE TEMP")) for step in steps)


def test_threads_lose_and_mix_up_nothing(store: Conversations) -> None:
    ids = [store.create().id for _ in range(3)]

    def talk(n: int) -> None:
        store.append(ids[n % 3], refused(f"{n}?"))
        store.list()
        store.get(ids[n % 3])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(talk, range(60)))
    for place, id in enumerate(ids):
        answers = store.get(id).conversation.answers
        assert {one.question for one in answers} == {f"{n}?" for n in range(place, 60, 3)}


def test_a_newer_or_damaged_file_is_refused_and_answers_are_given_all_the_same(
    open_kb: OpenKB,
) -> None:
    kb = open_kb()
    kb.conversations.create(refused("Why?"))
    path = kb.status().home / "conversations.sqlite"
    kb.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 3")
    kb = open_kb()
    for _ in range(2):
        with pytest.raises(CatalogError, match=r"newer version \(3, not 2\)\. update footnoted"):
            kb.conversations.list()
    assert kb.ask(QUESTION).citations
    kb.close()
    path.write_bytes(b"nothing that SQLite knows" * 100)
    kb = open_kb()
    with pytest.raises(CatalogError, match=r"store of conversations .* cannot be used"):
        kb.conversations.create(refused("Why?"))
    assert kb.ask(QUESTION).citations


def test_an_answer_of_a_later_version_is_an_error_in_one_line(
    store: Conversations, tmp_path: Path
) -> None:
    id = store.create(refused("Why?")).id
    with closing(sqlite3.connect(tmp_path / "conversations.sqlite")) as db, db:
        db.execute("UPDATE turns SET answer = replace(answer, 'no_evidence', 'later')")
    with pytest.raises(CatalogError, match=rf"{id} cannot be read: 'later' .* update footnoted"):
        store.get(id)


def test_a_closed_store_says_so(store: Conversations) -> None:
    store.create()
    store.close()
    store.close()
    with pytest.raises(CatalogError, match="is closed"):
        store.list()


def test_a_backup_has_the_conversations(open_kb: OpenKB, tmp_path: Path, folder: Path) -> None:
    kb = open_kb()
    answer = kb.ask(QUESTION)
    id = kb.conversations.create(answer).id
    backup(kb.status().home, tmp_path / "saved.kb")  # while it is open
    kb.conversations.append(id, refused("Later?"))
    kb.close()
    restore(tmp_path / "kb", tmp_path / "saved.kb", replace=True)
    kb = open_kb()
    assert kb.conversations.get(id).conversation == Conversation((answer,))


def test_an_article_whose_address_is_anothers_id_is_not_taken_for_it(tmp_path: Path) -> None:
    text = "The quote."
    other = Article("b", "a", "Other", text)
    cited = Article("a", "a.md", "Cited", text)
    answer = Answer("Why?", "It. [1]", "m", citations=(Citation(1, cited, "p", 0, 10, 0.5),))
    store = Conversations(tmp_path / "c.sqlite", lambda _: other)
    (citation,) = store.get(store.create(answer).id).turns[0].answer.citations
    assert citation.kept
    assert citation.kept.removed
    store.close()
