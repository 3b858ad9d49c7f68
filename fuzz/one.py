"""Fuzz one format: `python -m fuzz.one "word2vec binary" --seconds 60`.

The seed is the example of the format in `tests/loaders/examples.py`, whole and in parts. Whatever the bytes are,
`probe` and `load` may only return, or raise a `CartographyError` that does not speak of a fault of our own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

LONGEST = 1 << 16


def main() -> int:
    """Run until the time is over or something is found; the input found stays in `fuzz/found`."""
    parser = argparse.ArgumentParser(description="Fuzz one format.")
    parser.add_argument("format")
    parser.add_argument("--seconds", type=int, default=60)
    chosen = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("Fuzzing needs atheris, which is not installed: pip install atheris")
        return 0
    with atheris.instrument_imports(include=["loaders"]):
        from fuzz.judging import Judge  # which imports the loaders

    room = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=room) as folder:
        judge = Judge(chosen.format, Path(folder) / "work")
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for place, share in enumerate((1.0, 0.9, 0.5, 0.1)):
            (corpus / str(place)).write_bytes(judge.seed[: int(len(judge.seed) * share)])
        found = Path(__file__).parent / "found"
        found.mkdir(exist_ok=True)
        prefix = f"{found}{os.sep}{chosen.format.replace(' ', '_').replace('/', '_')}-"
        flags = [f"-max_total_time={chosen.seconds}", f"-artifact_prefix={prefix}", f"-max_len={LONGEST}"]
        flags += ["-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=1", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *flags, str(corpus)], judge)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
