"""Intervals, paired tests, ranking and curves over the runs of a cell."""
