"""How the weights of ``index/weights.json`` are learned, and what they do where nothing was.

``python -m tests.bench.ranking.made OUT --news DIR`` makes four sets from Debian's documentation
and from headlines; ``python -m tests.bench.ranking DIR… --out index/weights.json`` learns.
"""
