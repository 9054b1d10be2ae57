"""Finds: articles in, ranked passages out."""
