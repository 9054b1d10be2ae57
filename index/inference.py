"""How models compute on this machine: threads, bfloat16 where the processor has it, no bars."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

__all__ = ["bfloat16", "cores", "no_progress_bar"]


def cores() -> int:
    """Return the number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def bfloat16(device: str) -> contextlib.AbstractContextManager[Any]:
    """Return an autocast to bfloat16 where the processor computes in it, else nothing."""
    import torch

    if device == "cpu" and torch.cpu._is_avx512_bf16_supported():
        autocast: contextlib.AbstractContextManager[Any] = torch.autocast("cpu", torch.bfloat16)
        return autocast
    return contextlib.nullcontext()


@contextlib.contextmanager
def no_progress_bar() -> Iterator[None]:
    """Keep transformers from drawing a bar for a load that takes a tenth of a second."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
