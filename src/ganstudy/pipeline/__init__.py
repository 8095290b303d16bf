"""The stages of dvc.yaml, each named as there: it loads, calls one function, and writes. Lists of code; the
plan; verification."""
