"""An email becomes an article: its subject, its sender, its date, and the text that is shown."""

from __future__ import annotations

import base64
import io
import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.errors import ReadError
from index.readers.eml import read_eml

PLAIN = "The old bridge at Ostrava was closed on Monday, the city said. Trams are led elsewhere."
RICH = f"<html><body><h1>The bridge</h1><p>{PLAIN}</p><p>The café is open.</p></body></html>"


def newsletter() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Eva Malá <eva@post.example.org>"
    message["To"] = "reader@example.com"
    message["Subject"] = "Most v Ostravě: the bridge is closed"
    message["Date"] = "Tue, 05 Mar 2024 08:15:00 +0100"
    message["List-Id"] = '"Ostrava Weekly" <weekly.example.org>'
    message["Message-ID"] = "<1@example.org>"
    message["Archived-At"] = "<https://example.org/archive/1>"
    return message


def read(data: bytes) -> Article:
    (found,) = read_eml(io.BytesIO(data), id="id", uri="mail/a.eml")
    assert isinstance(found, Article)
    return found


def test_a_newsletter_is_an_article_with_all_that_its_headers_say() -> None:
    message = newsletter()
    message.set_content(PLAIN)
    message.add_alternative(RICH, subtype="html")
    message.add_attachment("secret notes", filename="notes.txt")
    found = read(message.as_bytes())
    assert found == Article(
        id="id",
        uri="mail/a.eml",
        title="Most v Ostravě: the bridge is closed",
        text=PLAIN,
        source="Ostrava Weekly",
        author="Eva Malá",
        published_at="2024-03-05T08:15:00+01:00",
        url="https://example.org/archive/1",
        language="en",
    )
    assert dict(found.origins) == {
        "title": "Subject header",
        "author": "From header",
        "source": "List-Id header",
        "published_at": "Date header",
        "url": "Archived-At header",
        "language": "the text",
    }


@pytest.mark.parametrize("plain", [None, "", "View online: https://example.org/" + "x" * 900])
def test_the_html_part_counts_where_the_plain_one_is_a_stub(plain: str | None) -> None:
    message = newsletter()
    if plain is None:
        message.set_content(RICH, subtype="html")
    else:
        message.set_content(plain)
        message.add_alternative(RICH, subtype="html")
    assert read(message.as_bytes()).text == f"The bridge\n\n{PLAIN}\n\nThe café is open."


def test_an_email_without_a_list_is_from_the_senders_domain() -> None:
    found = read(b"From: jo@example.org\nList-Id: <bare.example.org>\n\nText of it.")
    assert (found.author, found.source, found.url) == ("jo@example.org", "example.org", None)
    assert found.title == "Text of it."


def test_an_attached_email_is_an_attachment() -> None:
    message = newsletter()
    message.set_content(PLAIN)
    inner = newsletter()
    inner.set_content("Forwarded secret.")
    message.add_attachment(inner)
    assert read(message.as_bytes()).text == PLAIN


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        (b"Content-Type: text/plain; charset=utf-8", b"caf\xe9", "café"),
        (b"Content-Type: text/plain; charset=us-ascii", "café".encode(), "café"),
        (b"Content-Type: text/plain; charset=punycode", b"a-" * 100_000, "a-" * 100_000),
        (b"Content-Type: text/plain; charset*=''windows-1250", b"\x9elu\x9d", "žluť"),
        (b"Content-Type: text/plain; charset=\xff\xff", b"Text.", "Text."),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: x-unknown", b"Text.", "Text."),
        (
            b"Content-Type: text/plain\nContent-Transfer-Encoding: base64",
            base64.b64encode(PLAIN.encode())[:-5],
            PLAIN[:-4],
        ),
        (
            b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable",
            b"caf=C3=A9 =3",
            "café =3",
        ),
    ],
)
def test_a_wrong_encoding_loses_no_more_than_it_must(
    headers: bytes, body: bytes, text: str
) -> None:
    assert read(b"Subject: x\n" + headers + b"\n\n" + body).text == text


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?utf-8?q?Caf=C3=A9?= and =?iso-8859-2?b?TW9zdCDocg==?=", "Café and Most čr"),
        ("Café".encode(), "Café"),
        (b"Caf\xe9", "Café"),
        (b"=?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"=?no-such?q?Bridge?=", "Bridge"),
        (b"folded\n over\n\tlines", "folded over lines"),
    ],
)
def test_a_broken_header_is_read_as_well_as_it_can_be(subject: bytes, title: str) -> None:
    assert read(b"Subject: " + subject + b"\n\nText.").title == title


@pytest.mark.parametrize(
    ("data", "said"),
    [
        *((b"", "is not an email"), (b"Just a text.\n\nWith lines.", "is not an email")),
        (bytes(range(256)), "is not an email"),
        (b"Subject: x\n\n \n", "has no text"),
        (b"Subject: x\nContent-Type: image/png\n\nabc", "has no text"),
        (b"Subject: x\nContent-Disposition: attachment\n\nabc", "has no text"),
        (b"Subject: x\nContent-Type: text/html\n\n" + b"<div>" * 100_000, "more than 250 deep"),
        (
            b"Subject: x\n"
            + b"".join(
                b"Content-Type: multipart/mixed;\n boundary=b%d\n\n--b%d\n" % (n, n)
                for n in range(10_000)
            ),
            "more than 30 parts",
        ),
        (b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 10_000, "more than 30 parts"),
        (b"Subject: x\n\n" + b"x" * 20_000_000, "more than the 20,000,000 bytes"),
    ],
)
def test_what_is_no_email_with_a_text_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(ReadError) as told:
        read(data)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "headers",
    [
        *(b"From: " + b"(" * n for n in (400, 1_000_000)),
        b"From: " + b"<a@b.c>, " * 100_000,
        b"Subject: " + b"=?utf-8?q?x?= " * 100_000,
        b"Subject: x\n" + b" y\n" * 500_000 + b"X: y",
        b"From: y\n" * 200_000 + b"X: y",
        b"From: x\nContent-Type: text/plain" + b"; a=b" * 200_000,
    ],
)
def test_a_bomb_in_a_header_does_no_harm(headers: bytes) -> None:
    started = time.process_time()
    assert read(b"Subject: s\n" + headers + b"\n\nText.").text == "Text."
    assert time.process_time() - started < 10


LINES = st.sampled_from(
    [
        *(b"From: a <b@c.d>", b"Subject: =?utf-8?b?", b"Date: Mon, 1", b"MIME-Version: 1.0", b""),
        *(
            b"Content-Type: multipart/mixed; boundary=b",
            b"--b",
            b"--b--",
            b"Content-Type: text/html",
        ),
        *(b"Content-Transfer-Encoding: base64", b"Content-Type: message/rfc822", b"<p>text", b" x"),
        b"Content-Type: text/plain; charset*=utf-8''%FF",
    ]
)


@given(st.lists(LINES | st.binary(max_size=40), max_size=20).map(b"\n".join))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_an_article_or_refused_and_the_same_twice(data: bytes) -> None:
    assert outcome(data) == outcome(data)


def outcome(data: bytes) -> object:
    try:
        return read(data)
    except ReadError as error:
        return str(error)
