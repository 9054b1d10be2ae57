"""Fuzzing of the readers: ``python -m tests.fuzz``; what it finds is kept in ``cases``."""
