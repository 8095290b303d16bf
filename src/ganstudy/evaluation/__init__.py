"""Judging finished runs: figures beside their targets and floors, outcomes, and comparisons of losses."""

from ganstudy.evaluation.comparison import compare
from ganstudy.evaluation.judgement import judge, judge_runs, yardstick
from ganstudy.evaluation.truth import Truth

__all__ = ["Truth", "compare", "judge", "judge_runs", "yardstick"]
