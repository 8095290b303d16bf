"""Training many runs at once: `train(cell, seeds, …)` is a function of its arguments, and knows no files."""
