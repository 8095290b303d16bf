"""Where training runs: a cell's seeds in shards, on worker processes of this machine or on Ray."""
