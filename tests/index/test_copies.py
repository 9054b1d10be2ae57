"""Syndicated copies are recognised, linked and kept; what is only on the same subject is not."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.copies import bands, resemblance
from index.home import Home
from tests.index.syncing import sync

_WORDS = [f"word{i}" for i in range(3_000)]


def story(seed: int, words: int = 400) -> str:
    chance = random.Random(seed)
    drawn = chance.choices(_WORDS, k=words)
    return ". ".join(" ".join(drawn[i : i + 14]) for i in range(0, words, 14)) + "."


def test_a_copy_with_a_new_head_and_foot_is_alike_and_found() -> None:
    text = story(1)
    copy = "OSTRAVA (Agency) – " + text.replace("word7", "Word7") + " Copyright the agency."
    assert resemblance(text, copy) > 0.9
    assert set(bands(text)) & set(bands(copy))


def test_a_cut_copy_is_contained() -> None:
    text = story(2)
    half = text[: int(len(text) * 0.55)]
    assert resemblance(text, half) > 0.95
    assert set(bands(text)) & set(bands(half))


def test_other_stories_and_short_texts_are_not_alike() -> None:
    assert resemblance(story(1), story(2)) == 0
    assert resemblance("No comment.", "No comment.") == 0
    assert bands("No comment.") == []


@given(st.text(max_size=3_000))
def test_the_same_text_has_the_same_bands_and_resembles_itself(text: str) -> None:
    found = bands(text)
    assert found == bands(text)
    assert len(found) in (0, 42)
    assert resemblance(text, text) == (1.0 if found else 0.0)


def write(folder: Path, name: str, text: str, source: str) -> None:
    (folder / f"{name}.txt").write_text(f"---\nsource: {source}\n---\n{text}", "utf-8")


def groups(home: Home) -> list[list[str]]:
    names = {one.id: one.uri for one in home.catalog.articles()}
    return [[names[id] for id, _ in group] for group in home.catalog.copies.groups()]


def test_copies_are_linked_kept_and_count_as_one(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "press"
    folder.mkdir()
    for number, source in enumerate(("Agency", "Daily", "Evening")):
        write(folder, f"a{number}", f"By {source}. {story(1)} ({source})", source)
    write(folder, "b0", story(2), "Agency")
    write(folder, "b1", story(2)[:1500], "Daily")
    write(folder, "c", story(3), "Daily")
    sync(home, [folder])
    assert home.catalog.count("articles") == 6
    assert groups(home) == [
        ["press/a0.txt", "press/a1.txt", "press/a2.txt"],
        ["press/b0.txt", "press/b1.txt"],
    ]
    ids = {one.uri: one.id for one in home.catalog.articles()}
    told = home.catalog.copies.story(list(ids.values()))
    assert len(set(told.values())) == 3
    assert told[ids["press/a2.txt"]] == told[ids["press/a0.txt"]]

    write(folder, "a1", story(9), "Daily")
    (folder / "b0.txt").unlink()
    sync(home, [folder])
    assert groups(home) == [["press/a0.txt", "press/a2.txt"]], "links go with what they linked"


def test_a_thousand_texts_of_one_form_are_not_compared_with_each_other(
    home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    for i in range(60):
        write(folder, f"{i:03}", story(5) + f" Number {i}.", "Office")
    sync(home, [folder])
    (group,) = groups(home)
    assert len(group) == 60
    assert home.catalog.rows("SELECT count(*) FROM copies")[0][0] <= 60 * 10
