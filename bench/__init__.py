"""Benchmarks: ratios against bare libraries and hand-written SQL measured in the same run; absolute times are printed only."""
