"""Pictures and pages of a finished study."""

from ganstudy.reporting.render import render

__all__ = ["render"]
