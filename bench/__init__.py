"""Benchmarks. Each module here has ``run() -> list[Row]`` and measures its yardstick in the same run."""
