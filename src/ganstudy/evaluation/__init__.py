"""The judgement of finished runs: floors, outcomes, summaries of cells, comparison of losses."""
