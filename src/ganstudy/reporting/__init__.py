"""Pictures, tables and the page of a finished study."""

import os

# Before matplotlib is imported, which would stop at a backend that is not here, as a notebook names one.
os.environ["MPLBACKEND"] = "agg"
