"""A data set in, figures out."""
