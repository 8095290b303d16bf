"""A study in a folder of its own: those that are ready, and the choice among settings that were tried."""

from ganstudy.project.catalogue import Ready, catalogue, ready
from ganstudy.project.folder import write_project
from ganstudy.project.tuning import Choice, choices, reporting_study

__all__ = ["Choice", "Ready", "catalogue", "choices", "ready", "reporting_study", "write_project"]
