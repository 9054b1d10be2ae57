"""The HTTP API under ``/api/v1``: parse, call one method of the knowledge base, render."""
