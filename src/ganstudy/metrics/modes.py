"""What metrics of mixtures share."""

PAPER = "Srivastava et al. 2017, arXiv 1705.07761; Lin et al. 2018, arXiv 1712.04086"
"""The published tables of mode collapse."""
MODE_SAMPLES = 2500
"""As in those tables (PacGAN, arXiv 1712.04086; VEEGAN, arXiv 1705.07761)."""
NEAR = 3
"""A sample within so many standard deviations of a mode is of high quality."""
