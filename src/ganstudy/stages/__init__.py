"""The pipeline's steps, named as in dvc.yaml: each loads, calls one function, and writes."""
