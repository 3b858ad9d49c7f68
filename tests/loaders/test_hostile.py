"""Every hostile file ends in one clear sentence, or opens with notes: soon, within bounds, and without any effect."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import loaders
from cartography.errors import CartographyError
from tests.contracts.test_loaders import assert_is_a_sentence
from tests.data import ROOT
from tests.loaders.examples import AVAILABLE, EXAMPLES, largest_file
from tests.loaders.hostile import hostile
from tests.loaders.made import write

FILES = dict(hostile())
SECONDS = 10  # of work: what else the machine does counts for nothing
MEMORY = 3 << 30  # address space of the child beyond what the libraries reserve: far below what the files claim

CHILD = """
import json, os, resource, sys, time
import loaders, pyarrow.csv, pyarrow.json, pyarrow.parquet
from cartography.errors import CartographyError

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + int(sys.argv[1]),) * 2)
for line in sys.stdin:
    name, path = json.loads(line)
    for call in (loaders.probe, loaders.load):
        open("/proc/self/clear_refs", "w").write("5")
        before, began = peak(), time.process_time()
        try:
            found = call(path)
            said = ["opened", list(getattr(found, "notes", []))]
        except CartographyError as error:
            said = ["refused", error.message, error.hint]
        except BaseException as error:
            said = ["broke", repr(error)]
        print(json.dumps([name, call.__name__, time.process_time() - began, peak() - before, said]), flush=True)
"""


def test_there_are_enough_of_them():
    assert len(FILES) >= 60


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is measured on Linux only")
def test_every_hostile_file_is_survived_within_seconds_and_memory(tmp_path):
    trap = tmp_path / "executed"
    before = set(tmp_path.parent.iterdir())
    lines = []
    for place, (name, make) in enumerate(FILES.items()):
        folder = tmp_path / f"{place:03d}" / "inside"
        folder.mkdir(parents=True)
        lines.append(json.dumps([name, str(make(folder, str(trap)))]))
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(MEMORY)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=1200,
    )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(found) == 2 * len(FILES), f"the process ended at {found[-1:]}: {run.stderr[-500:]}"
    assert not trap.exists()
    assert set(tmp_path.parent.iterdir()) == before
    for name, call, seconds, memory, (kind, *said) in found:
        assert kind != "broke", (name, call, said)
        assert seconds < SECONDS, (name, call, seconds)
        assert memory < 1.5e9, (name, call, memory)
        if kind == "refused":
            assert said[0].endswith((".", "…"))
            assert said[1], name


@pytest.fixture(params=AVAILABLE)
def example(request, tmp_path):
    return EXAMPLES[request.param](tmp_path)


def test_a_file_cut_at_any_place_opens_in_part_or_is_refused(example):
    file = largest_file(example)
    data = file.read_bytes()
    rng = np.random.default_rng(0)
    places = sorted({*range(min(len(data), 24)), *rng.integers(0, len(data), 16).tolist()})
    for place in places:
        file.write_bytes(data[:place])
        survives(example)


def test_flipped_bits_anywhere_are_survived(example):
    file = largest_file(example)
    data = file.read_bytes()
    for seed in range(30):
        rng = np.random.default_rng(seed)
        changed = bytearray(data)
        for place in rng.integers(0, min(len(data), 1000 if seed % 2 else len(data)), 1 + seed % 5):
            changed[place] ^= 1 << int(rng.integers(0, 8))
        file.write_bytes(bytes(changed))
        survives(example)


def test_large_numbers_anywhere_in_the_head_are_survived(example):
    """A length or a count becomes as large as it can be."""
    file = largest_file(example)
    data = file.read_bytes()
    for place in range(0, min(len(data) - 8, 120), 4):
        for number in (b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0\0\0\0\0\0\0\x40"):
            file.write_bytes(data[:place] + number + data[place + len(number) :])
            survives(example)


def survives(path: Path) -> None:
    began = time.process_time()
    for call in (loaders.probe, loaders.load):
        try:
            call(path)
        except CartographyError as error:
            assert_is_a_sentence(error)
    assert time.process_time() - began < SECONDS


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="memory is limited on POSIX only")
def test_a_sparse_array_of_twenty_gigabytes_is_probed_at_once_and_sampled_in_little_memory(tmp_path):
    n, d = 5_000_000, 1024
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {d}), }}".ljust(117) + "\n"
    path = write(tmp_path, "large.npy", b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode())
    offset = path.stat().st_size
    with path.open("r+b") as stream:
        stream.seek(offset + 4 * d * (n - 1))
        stream.write(np.arange(d, dtype="<f4").tobytes())
    if path.stat().st_blocks * 512 > 1 << 30:
        pytest.skip("this file system does not keep holes")
    code = (
        "import loaders, sys, time, resource; began = time.process_time();"
        "shape = loaders.probe(sys.argv[1])[0].shape; probed = time.process_time() - began;"
        "part = loaders.load(sys.argv[1], sample=10000);"
        "print(shape, part.vectors.shape, probed, time.process_time() - began,"
        " resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert run.returncode == 0, run.stderr[-400:]
    *shapes, probed, seconds, memory = run.stdout.replace("(", "").replace(")", "").replace(",", "").split()
    assert shapes == [str(n), str(d), "10000", str(d)]
    assert float(probed) < 2
    assert float(seconds) < 20
    assert int(memory) * 1024 < 8e9
