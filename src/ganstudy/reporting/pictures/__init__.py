"""The kinds of pictures that a variant may have in the report."""
