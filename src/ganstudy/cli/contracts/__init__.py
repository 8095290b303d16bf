"""What every loss, source, network and metric promises: ganstudy's own, in its tests, and everybody else's by
`ganstudy check --contract`.

A contract is a list of clauses; each takes the work in question and raises BrokenError if it does not hold.
"""
