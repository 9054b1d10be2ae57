"""What a page hides is not in its text, and nothing else is lost."""

from __future__ import annotations

import pytest

from index.readers.html import html_article, html_text

SEEN = "<p>The keeper of the lighthouse counts the ships, and writes each one into a book.</p>"
AFTER = "<p>At night she lights the lamp, which burns oil from the rape fields of the island.</p>"
HIDDEN = [
    '<p style="DISPLAY : None !important">secret</p>',
    "<p hidden>secret</p>",
    '<p style="visibility:hidden">secret <b>secret</b></p>',
    '<p style="opacity: 0.0">secret</p>',
    '<div style="font-size:0"><p style="font-size:120%">secret</p></div>',
    '<p style="font-size:1px">secret</p>',
    '<p style="color:#fff">secret</p>',
    '<p style="color:#fefefe;background:rgb(255, 255, 255)">secret</p>',
    '<div bgcolor="#000000"><p style="color:black">secret</p></div>',
    '<font color="white">secret</font>',
    '<p style="color:transparent">secret</p>',
    '<p style="color:rgba(9,9,9,0)">secret</p>',
    '<p style="position:absolute;left:-9999px">secret</p>',
    '<p style="position:absolute;clip:rect(0,0,0,0)">secret</p>',
    '<p style="clip-path:inset(100%)">secret</p>',
    '<p style="text-indent:-100em">secret</p>',
    '<div style="max-height:0;overflow:hidden"><p>secret</p></div>',
    '<p style="width:1px;height:1px;overflow:hidden">secret</p>',
    '<p style="mso-hide:all">secret</p>',
    "<template><p>secret</p></template><noscript>secret</noscript><!-- secret -->",
    "<textarea>secret</textarea><object>secret</object><select><option>secret</select>",
]
SHOWN = [
    '<td style="font-size:0px"><p style="font-size:13px">news</p></td>',
    '<div style="visibility:hidden"><p style="visibility:visible">news</p></div>',
    '<div style="background:#123456"><p style="color:white">news</p></div>',
    '<p class="dark" style="color:white">news</p>',
    '<table bgcolor="#000"><tr><td><font color="white">news</font></td></tr></table>',
    '<p style="height:1%;overflow:hidden">news</p>',
    '<p style="width:0">news</p>',
    '<p style="left:-9999px">news</p>',
    '<p style="position:absolute;left:-9px">news</p>',
    '<p style="opacity:0.5;color:;font-size:x-small;background:url(a.png)">news</p>',
    '<p style=";;:;color:#12;font-size:1.2.3px">news</p>',
    '<p><span style="display:none">secret</span> news</p>',
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_hidden_is_left_out(hidden: str) -> None:
    page = f"<html><body><article>{SEEN}{hidden}{AFTER}</article></body></html>"
    for text in (html_text(SEEN + hidden + AFTER), html_article(page, id="a", uri="a").text):
        assert "secret" not in text
        assert "counts the ships" in text
        assert "lights the lamp" in text


@pytest.mark.parametrize("shown", SHOWN)
def test_what_is_shown_stays(shown: str) -> None:
    text = html_text(SEEN + shown + AFTER)
    assert "news" in text
    assert "secret" not in text


def test_white_text_stays_where_a_style_sheet_may_colour_the_page() -> None:
    white = '<p style="color:white">news</p>'
    assert "news" not in html_text(white + SEEN)
    assert "news" in html_text(f"<style>body {{background: navy}}</style>{white}{SEEN}")
    assert "news" in html_text(f'<link rel="stylesheet" href="a.css">{white}{SEEN}')
