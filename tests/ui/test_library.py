"""The Library page: what it lists, how it is sorted, cut and paged; every text is only text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import Article, Order, Share, Timeline, Unit
from kb.access import Access, Scope
from kb.users import Users
from tests.browser.payloads import PAYLOADS
from tests.conftest import OpenKB
from tests.ui.api.conftest import Serve
from tests.ui.test_render import anything, hostile_articles
from ui.gate import Keys
from ui.passages import sendable
from ui.plot import plot
from ui.render_article import article, duplicates
from ui.render_library import View, library
from ui.wanted import Wanted, article_at

HTML = {"Accept": "text/html"}


class Read(HTMLParser):
    """The elements and texts of a page; raises where it has what could run or load."""

    TAGS = frozenset(
        "a article bdi button caption code datalist dd details dialog div dl dt figcaption figure"
        " form h1 h2 h3 h4 h5 h6 input label li mark nav noscript option p rect section select span"
        " strong summary svg table tbody td th thead time tr ul".split()
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.rows: list[str] = []
        self.feed(html.partition("<main")[2].partition(">")[2] if "<main" in html else html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            return
        assert tag in self.TAGS, tag
        named = {name: value or "" for name, value in attrs}
        assert not [name for name in named if name.startswith("on") or name in ("src", "style")]
        assert named.get("href", "/").startswith(("/library", "/", "http://", "https://"))
        assert named.get("action", "/library") == "/library"
        if named.get("href", "/").startswith("http"):
            assert named["rel"] == "noopener noreferrer nofollow"
        if tag == "tr":
            self.rows.append("")
        self.elements.append((tag, named))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.rows:
            self.rows[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attrs
            for name, attrs in self.elements
            if name == tag and wanted.items() <= attrs.items()
        ]


def many(tmp_path: Path, count: int) -> Path:
    """Write a corpus of so many articles, on as many days, of three papers."""
    corpus = tmp_path / "corpus.jsonl"
    lines = [
        {
            "id": f"a{n:03}",
            "title": f"Article {n:03}",
            "text": f"Text number {n} about {'otters' if n % 2 else 'bridges'}.",
            "metadata": {
                "source": f"Paper {n % 3}",
                "published_at": f"2024-{1 + n // 28:02}-{1 + n % 28:02}",
            },
        }
        for n in range(count)
    ]
    corpus.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return corpus


@pytest.fixture
def client(open_kb: OpenKB, serve: Serve, tmp_path: Path) -> Any:
    """Return a client of a server with 120 articles, and the two of the sample."""
    kb = open_kb()
    kb.sync(many(tmp_path, 120))
    return serve(kb)


def page(client: Any, path: str, status: int = 200) -> Read:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    return Read(answer.text)


def titles(read: Read) -> list[str]:
    """Return the titles in the table: each row goes on with the place of the article."""
    placed = (re.split(r"corpus\.jsonl|news/", row) for row in read.rows)
    return [parts[0] for parts in placed if len(parts) > 1]


def test_articles_are_listed_and_paged(client: Any) -> None:
    first = page(client, "/library")
    assert "122 articles" in first.text
    assert "Article 119" in first.text
    assert first.all("a", rel="next") == [{"rel": "next", "href": "/library?page=2"}]
    assert first.all("a", rel="prev") == []
    last = page(client, "/library?page=3")
    assert last.all("a", rel="next") == []
    assert last.all("a", rel="prev")[0]["href"] == "/library?page=2"
    everything = [title for n in (1, 2, 3) for title in titles(page(client, f"/library?page={n}"))]
    assert len(everything) == len(set(everything)) == 122
    assert page(client, "/library?page=999").rows == last.rows
    assert page(client, "/library?page=x&order=colour").rows == first.rows


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("newest", "Article 119"),
        ("oldest", "Article 000"),
        ("title", "Article 000"),
        ("source", "Article 117"),
    ],
)
def test_articles_are_sorted(client: Any, order: str, first: str) -> None:
    read = page(client, f"/library?order={order}")
    assert first in next(row for row in read.rows if "corpus.jsonl" in row)
    (heading,) = [one for tag, one in read.elements if tag == "th" and "aria-sort" in one]
    rising = order != "newest"
    assert heading["aria-sort"] == ("ascending" if rising else "descending")
    assert read.all("option", value=order, selected="")


def test_what_is_asked_for_stays_asked_for(client: Any) -> None:
    address = "/library?text=otters&source=paper+1&since=2024-01-03&until=2024-03-20"
    read = page(client, f"{address}&order=oldest")
    assert "12 articles that fit" in read.text
    assert all("Paper 1" in row for row in read.rows if "corpus.jsonl" in row)
    for name, value in (("text", "otters"), ("source", "paper 1"), ("since", "2024-01-03")):
        assert read.all("input", name=name, value=value)
    by_title = f"{address}&order=title"
    assert by_title in [one["href"] for one in read.all("a")]


@pytest.mark.parametrize("query", ["since=soon", "until=2024-13-01", "text=%00"])
def test_what_cannot_be_asked_for_is_told_in_the_page(client: Any, query: str) -> None:
    read = page(client, f"/library?{query}", 422)
    assert read.all("p", role="alert")
    assert read.rows == []
    assert read.all("input", name="since")


def test_a_filter_that_nothing_passes_says_so(client: Any) -> None:
    assert "No article fits." in page(client, "/library?text=zeppelin").text


def test_an_article_is_read_whole(client: Any, open_kb: OpenKB) -> None:
    (bridge,) = client.get("/api/v1/articles", params={"text": "Ostrava"}).json()["articles"]
    read = page(client, article_at(bridge["id"]))
    whole = client.get(f"/api/v1/articles/{bridge['id']}").json()
    for said in (whole["text"], bridge["title"], "Sample Post", "Eva Malá", "5 March 2024"):
        assert said in read.text
    assert read.all("a", href="https://example.org/bridge", target="_blank")
    assert "no one article" in page(client, article_at("none"), 404).text


def test_an_article_is_read_at_the_characters_that_an_address_names(client: Any) -> None:
    given = {"title": "Marked", "text": "# One\n\nTwo <b>three</b> four."}
    assert client.put("/api/v1/articles/marked", json=given).status_code == 200
    start = given["text"].index("Two")
    read = page(client, article_at("marked", (start, start + 3), (start, start + 12), (5, 900)))
    assert read.all("mark") == [
        {"id": "cited", "data-at": f"{start}-{start + 3} {start}-{start + 12}"},
        {"data-at": f"{start}-{start + 12}"},
    ]
    assert given["text"] in read.text
    assert read.all("h3") == [{"class": "fn-subhead"}]


@pytest.mark.parametrize("id", ["..", "a/b", "a?b#c&d", "é ü", "<b>"])
def test_an_id_may_be_anything(client: Any, id: str) -> None:
    given = {"title": "Odd", "text": "An article with an odd id."}
    client.app.state.service.knowledge_base.put_article(id, **given)
    read = page(client, "/library?text=odd+id")
    (target,) = {one["href"] for one in read.all("a") if "/article?" in one["href"]}
    assert given["text"] in page(client, target).text


def test_duplicates_stand_together(client: Any) -> None:
    assert "No two articles" in page(client, "/library/duplicates").text
    story = " ".join(f"Sentence {n} of the agency's story about otters." for n in range(30))
    for paper in ("Post", "Wire"):
        body = {"title": f"Otters in the {paper}", "text": story, "source": paper}
        assert client.put(f"/api/v1/articles/{paper}", json=body).status_code == 200
    read = page(client, "/library/duplicates")
    assert "1 story stands" in read.text
    assert "100% alike" in read.text
    assert {one["data-id"] for one in read.all("button", type="button")} == {"Post", "Wire"}


def test_the_plot_has_its_figures_as_a_table_that_leads_there(client: Any) -> None:
    read = page(client, "/library")
    (svg,) = read.all("svg", role="img")
    assert svg["aria-label"].startswith("121 articles by month and source")
    assert svg["aria-label"].endswith("1 without a date.")
    assert "/library?since=2024-02-01&until=2024-02-29" in [one["href"] for one in read.all("a")]
    part = page(client, "/library?since=2024-02-01&until=2024-02-29")
    assert part.all("svg", role="img")[0]["aria-label"].startswith("28 articles by day")


def test_who_may_read_is_offered_no_change(
    open_kb: OpenKB, serve: Serve, access: Access, users: Users
) -> None:
    client = serve(open_kb(), keys=Keys(access, users))
    refused = client.get("/library", headers=HTML, follow_redirects=False)
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in")
    for scope in (Scope.READ, Scope.WRITE):
        headers = {"Authorization": f"Bearer {access.create('program', scope)[0]}"}
        read = Read(client.get("/library", headers=headers).text)
        assert "2 articles" in read.text
        assert bool(read.all("input", type="file")) == (scope is Scope.WRITE)
        assert bool(read.all("button", **{"class": "fn-remove"})) == (scope is Scope.WRITE)


def test_the_page_runs_and_loads_only_its_own(client: Any) -> None:
    answer = client.get("/library")
    (strict,) = [
        one
        for one in answer.headers.get_list("content-security-policy")
        if one.startswith("default-src 'none'")
    ]
    assert "unsafe" not in strict
    assert "<script>" not in answer.text
    assert " style=" not in answer.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_is_more_than_text(payload: str) -> None:
    hostile = Article(payload, payload, payload, payload, payload, payload, payload, payload)
    shares = tuple(Share(day, payload, 3) for day in ("2024-08-19", "2024-08-20", None))
    view = View(
        Wanted(source=payload),
        sources=(payload,),
        may_write=True,
        articles=(hostile,),
        total=1,
        pages=3,
        timeline=Timeline(Unit.DAY, shares),
    )
    Read(library(view))
    assert sendable(payload) in Read(article(hostile, may_write=True)).text
    Read(duplicates([[(hostile, 1.0), (hostile, 0.9)]], 1, 1, 1, may_write=True))


@given(hostile_articles(), anything)
@settings(deadline=None)
def test_no_text_becomes_markup(hostile: Article, words: str) -> None:
    wanted = Wanted(text=words, source=words, since=words, until=words, order=Order.TITLE)
    view = View(wanted, (words,), may_write=True, problem=words, articles=(hostile,), total=1)
    Read(library(view))
    view.problem = ""
    assert sendable(hostile.text) in Read(article(hostile, may_write=True)).text
    assert Read(library(view)).all("button", **{"data-id": sendable(hostile.id)})


days = st.dates().map(lambda day: day.isoformat())


@given(
    st.lists(st.tuples(days, st.none() | anything, st.integers(1, 10**6)), min_size=1, max_size=9),
    st.sampled_from([(Unit.DAY, 10), (Unit.MONTH, 7), (Unit.YEAR, 4)]),
)
@settings(deadline=None)
def test_any_stretch_of_time_can_be_drawn(
    counted: list[tuple[str, str | None, int]], unit: tuple[Unit, int]
) -> None:
    shares = tuple(Share(day[: unit[1]], source, n) for day, source, n in counted)
    read = Read(plot(Timeline(unit[0], shares), Wanted()))
    if len({share.period for share in shares}) == 1:
        assert read.elements == []  # one bar says nothing
        return
    assert read.all("svg", role="img")[0]["aria-label"].startswith(
        f"{sum(n for *_, n in counted):,} article"
    )
    for bar in read.all("rect"):
        assert float(bar.get("height", 0)) <= 110.01
