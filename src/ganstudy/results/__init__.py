"""What stages write and read: runs, judged cells, paths, the exported sampler."""
