"""How the page looks before its style is there, and what its head loads."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.frame import PREFIX, asset

__all__ = ["head", "theme"]


def theme() -> Any:
    """Return a theme of fonts that every system has: none is fetched."""
    return gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Liberation Sans", "sans-serif"],
        font_mono=["ui-monospace", "Liberation Mono", "monospace"],
    ).set(
        # Part of the page itself: without them it would flash before our own style is there.
        body_background_fill="#fbf9f4",
        body_background_fill_dark="#191715",
        body_text_color="#1f1c18",
        body_text_color_dark="#e9e3d8",
    )


def head() -> str:
    """Return the tags that load our style and script, by names that change with their content."""
    styles = map(asset, ("page.css", "shelf.css", "reader.css"))
    scripts = map(asset, ("page.js", "reader.js", "tip.js", "edit.js", "shelf.js"))
    return (
        "".join(f'<link rel="stylesheet" href="{one}">' for one in styles)
        + "".join(f'<script defer src="{one}"></script>' for one in scripts)
        + f'<link rel="icon" href="{PREFIX}/icon.svg" type="image/svg+xml">'
        '<meta name="color-scheme" content="light dark">'
    )
