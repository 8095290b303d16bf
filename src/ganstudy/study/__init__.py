"""params.yaml: its schema, its loader and its cross-checks; ready studies; tuning."""
