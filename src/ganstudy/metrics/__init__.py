"""What generated samples are judged by: each metric with its value, its standard error and its paper."""
