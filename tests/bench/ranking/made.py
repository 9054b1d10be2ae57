"""``python -m tests.bench.ranking.made OUT --news DIR``: sets of headings and their texts.

Questions of other kinds than those of news and encyclopaedias: of frequently asked questions, of
package descriptions, of a manual and of headlines, each with the text that stands below it, from
which it was taken. Needs Debian's packages perl-doc, python3-doc and debian-faq, package lists with
descriptions (``apt-get -o Acquire::Languages=en update``), and a corpus of news.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree, html

__all__ = ["main"]

_PERL = Path("/usr/share/perl")
_PYTHON = Path("/usr/share/doc/python3-doc/html")
_DEBIAN = Path("/usr/share/doc/debian/FAQ")
_LISTS = Path("/var/lib/apt/lists")
_TEXT_AT_LEAST = 80
_TEXT_AT_MOST = 20_000
_LEAD_AT_MOST = 2_500  # characters of a news text: its headline is about its beginning
_PARTS_OF = re.compile(
    r"lib|python3-|golang-|node-|r-cran|ruby-|.*-(dev|doc|dbg|common|data|perl)$"
)

Pair = tuple[str, str]


def _perl() -> Iterator[Pair]:
    for file in sorted(_PERL.glob("*/pod/perlfaq[1-9].pod")):
        for part in re.split(r"^=head2 ", file.read_text("utf-8", "replace"), flags=re.M)[1:]:
            question, _, answer = part.partition("\n")
            answer = re.split(r"^=head1", answer, flags=re.M)[0]
            lines = [line for line in _unmarked(answer).split("\n") if not line.startswith("=")]
            yield _unmarked(question).strip(), "\n".join(lines).strip()


def _unmarked(pod: str) -> str:
    pod = re.sub(r"^X<.*?>$", "", pod, flags=re.M)
    pod = re.sub(r"[A-Z]<<+ (.*?) >>+", r"\1", pod)
    for _ in range(3):  # marks within marks
        pod = re.sub(r"[A-Z]<([^<>]*)>", r"\1", pod)
    return pod


def _sections(files: Iterable[Path], sections: str, headings: str) -> Iterator[Pair]:
    """Yield the headings of pages, each with the text below it but not that of its subsections."""
    for file in sorted(files):
        for section in html.parse(str(file)).getroot().xpath(sections):
            found = section.xpath(headings)
            if found:
                heading = re.sub(r"^[\d.]+\s*", "", found[0].text_content().rstrip("¶")).strip()
                yield heading, _text(section, found[0])


def _text(section: etree._Element, heading: etree._Element) -> str:
    texts = (
        "".join(child.itertext())
        for child in section
        if child.tag != "section" and heading not in child.iter()
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(texts)).strip()


def _packages() -> Iterator[Pair]:
    for file in sorted(_LISTS.glob("*Translation-en*")):
        listed = subprocess.run(
            ["/usr/lib/apt/apt-helper", "cat-file", str(file)], capture_output=True, check=True
        ).stdout.decode("utf-8", "replace")
        for record in listed.split("\n\n"):
            name = re.search(r"^Package: (\S+)", record, re.M)
            found = re.search(r"^Description-en: (.*)((?:\n .*)*)", record, re.M)
            if name and found and not _PARTS_OF.match(name[1]) and len(found[1].split()) >= 4:
                text = re.sub(r"^ ", "", re.sub(r"\n \.\n", "\n\n", found[2]), flags=re.M).strip()
                if len(text) > 250 and found[1].lower() not in text.lower():
                    yield found[1], text


def _headlines(corpus: Path) -> Iterator[Pair]:
    for line in corpus.read_text("utf-8").splitlines():
        article = json.loads(line)
        yield article["title"], article["text"][:_LEAD_AT_MOST]


def _write(folder: Path, pairs: Iterable[Pair], texts: int, asked: int) -> None:
    """Write a set of at most so many texts, of which so many are asked for."""
    seen: dict[str, Pair] = {}
    for question, text in pairs:
        if len(text) >= _TEXT_AT_LEAST and question:
            seen.setdefault(text[:60].lower(), (question, text[:_TEXT_AT_MOST]))
    drawn = list(seen.values())
    random.Random(1).shuffle(drawn)
    drawn = drawn[:texts]
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[dict[str, object]]] = {"corpus": [], "queries": [], "qrels": []}
    for number, (question, text) in enumerate(drawn):
        rows["corpus"].append({"id": f"t{number}", "title": "", "text": text, "metadata": {}})
        if number < asked:
            rows["queries"].append({"id": f"q{number}", "question": question})
            rows["qrels"].append(
                {"query_id": f"q{number}", "article_id": f"t{number}", "relevance": 1}
            )
    for name, found in rows.items():
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in found)
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    print(f"{folder}: {len(drawn)} texts, {len(rows['queries'])} questions")


def main() -> None:
    """Make the sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--news", type=Path, required=True, help="a set whose corpus is news")
    chosen = parser.parse_args()
    python = [*_PYTHON.glob("library/*.html"), *_PYTHON.glob("howto/*.html")]
    python += [*_PYTHON.glob("whatsnew/*.html"), *_PYTHON.glob("reference/*.html")]
    faq = [
        *_perl(),
        *_sections(_PYTHON.glob("faq/*.html"), "//section", "./h3"),
        *_sections(_DEBIAN.glob("*.en.html"), '//div[@class="section"]', ".//h2|.//h3"),
    ]
    manual = _sections(python, "//section", "./h1|./h2|./h3|./h4")
    told = (pair for pair in manual if len(pair[0].split()) >= 3 and len(pair[1]) > 400)
    _write(chosen.out / "faq", faq, 600, 600)
    _write(chosen.out / "packages", _packages(), 3_000, 700)
    _write(chosen.out / "manual", told, 900, 500)
    _write(chosen.out / "headlines", _headlines(chosen.news / "corpus.jsonl"), 1_000, 1_000)


if __name__ == "__main__":
    main()
