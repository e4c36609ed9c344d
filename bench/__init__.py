"""The project's own benchmark: how long the product takes for what a hand-written script computes, and that both say the same.

`make bench SIZES=100k,1m` runs it; docs/performance.md says how to read it. Belongs here: deliveries made from a seed, the same core
of the method as SQL, in pandas and in Polars, comparing the numbers, measuring whole processes, targets and history. Not here: anything
the product needs to run, and nothing of the product that a user could not start: it is measured from outside.
"""
