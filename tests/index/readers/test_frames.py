"""What a process says is checked before it is believed."""

from __future__ import annotations

import io

import pytest

from index.article import Article
from index.errors import ReadError
from index.readers.frames import article_from, error_from, packed, receive, send, unpacked


def test_articles_and_errors_come_back_as_they_went() -> None:
    article = Article("id", "a#1", "Ü", '水獭\n"\x01', pages=(0, 2), origins=(("title", "x"),))
    stream = io.BytesIO()
    send(stream, packed("article", article))
    send(stream, packed("error", ReadError("cannot read", "try again")))
    stream.seek(0)
    said, about = unpacked(receive(stream))
    back = article_from(about)
    assert (said, back, back.origins) == ("article", article, article.origins)
    said, about = unpacked(receive(stream))
    assert (said, str(error_from(about))) == ("error", "cannot read. try again.")


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"[1, 2]", b'["a"]', b"\xff", b"[" * 100_000, b"null"]
)
def test_a_frame_that_makes_no_sense_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError):
        unpacked(payload)


def test_a_frame_may_not_be_endless_nor_end_early() -> None:
    with pytest.raises(ValueError, match="too long"):
        receive(io.BytesIO(b"\xff\xff\xff\xff"))
    with pytest.raises(EOFError):
        receive(io.BytesIO(b"\0\0\0\5abc"))


def test_an_answer_can_only_be_an_article_or_an_error() -> None:
    names = "id uri title text source author published_at url language".split()
    sound = {**dict.fromkeys(names, "x"), "pages": [0], "origins": [["title", "x"]]}
    assert article_from(dict(sound)).pages == (0,)
    for name, value in [
        *(("text", None), ("source", 1), ("pages", [True]), ("pages", ["0"]), ("pages", None)),
        *(("origins", [["a"]]), ("origins", [["a", 1]]), ("__class__", "x")),
    ]:
        with pytest.raises(ValueError):
            article_from({**sound, name: value})
    for about in (None, ["a"], ["a", "b", "c"], "ab"):
        with pytest.raises(ValueError):
            error_from(about)
