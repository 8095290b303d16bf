"""The folder that a study lives in, as `ganstudy new` and `ganstudy choose` write it: ready studies, and the
choice among settings that were tried."""
