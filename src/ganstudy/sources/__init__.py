"""Where real samples come from: one file a source; their split, scaling and streams."""
