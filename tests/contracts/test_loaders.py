"""Every registered loader keeps the same promises. A new one is found by itself and needs one example."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

import loaders
from cartography.errors import Cancelled, CartographyError
from cartography.records import EmbeddingSet
from loaders.base import Candidate, Match, loader_of
from loaders.base import loaders as registered
from loaders.files.source import Source
from tests.data import ROOT
from tests.loaders.examples import EXAMPLES, VECTORS, largest_file
from tests.loaders.made import write

ALL = registered()
NAMES = [one.format.name for one in ALL]


@pytest.fixture(params=ALL, ids=NAMES)
def loader(request):
    if not request.param.format.available:
        pytest.skip(request.param.format.install_hint)
    return request.param


@pytest.fixture
def example(loader, tmp_path):
    return EXAMPLES[loader.format.name](tmp_path)


def test_every_loader_has_an_example():
    assert set(NAMES) == set(EXAMPLES), "add the new format to tests/loaders/examples.py"


@pytest.mark.parametrize("form", loaders.formats(), ids=NAMES)
def test_a_format_says_what_it_is_and_how_to_get_it(form):
    assert form.name
    assert form.suffixes
    assert all(suffix == suffix.lower() and "." in suffix for suffix in form.suffixes)
    assert form.available or form.install_hint.startswith("pip install ")
    assert NAMES.count(form.name) == 1


def test_the_content_decides_whatever_the_name(loader, example, tmp_path):
    assert loader_of(Source(example)) is loader
    if loader.gathers or loader.format.name in ("Raw numbers", "Text table", "JSON lines"):
        return  # these are told by their name, or by lines that another format could have as well
    odd = example.rename(tmp_path / "download")
    assert loader_of(Source(odd)) is loader


def test_candidates_tell_a_person_what_to_expect(loader, example):
    candidates = loaders.probe(example)
    assert all(isinstance(one, Candidate) for one in candidates)
    likelihoods = [one.likelihood for one in candidates]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert all(0 <= one <= 1 for one in likelihoods)
    assert len({one.key for one in candidates}) == len(candidates)
    for one in candidates:
        assert one.key
        assert one.dtype
        assert one.note[-1] in ".…"
        assert one.nbytes >= 0
        assert all(isinstance(length, int) for length in one.shape)


def test_without_a_key_the_first_candidate_opens(loader, example):
    first = loaders.probe(example)[0]
    embeddings = loaders.load(example)
    assert isinstance(embeddings, EmbeddingSet)
    assert embeddings.vectors.shape == first.shape
    assert np.array_equal(embeddings.vectors, loaders.load(example, key=first.key).vectors)


def test_what_comes_out_is_clean(loader, example):
    embeddings = loaders.load(example)
    assert np.array_equal(embeddings.vectors, VECTORS)
    assert embeddings.vectors.dtype == np.float32
    assert embeddings.vectors.flags.c_contiguous
    assert not embeddings.vectors.flags.writeable
    assert embeddings.ids.is_unique
    assert all(isinstance(one, str) for one in embeddings.ids)
    assert all(isinstance(column, str) for column in embeddings.items)
    assert "id" not in embeddings.items
    assert all(note and note[-1] in ".…" for note in embeddings.notes)
    assert {"file", "format", "key", "dtype", "shape"} <= set(embeddings.provenance)
    assert embeddings.provenance["file"] == example.name
    assert embeddings.name in example.name


def test_the_same_file_gives_the_same_fingerprint(loader, example):
    assert loaders.load(example).fingerprint == loaders.load(str(example)).fingerprint


def test_a_sample_is_a_part_of_the_whole(loader, example):
    part, whole = loaders.load(example, sample=5, seed=1), loaders.load(example)
    assert len(part) == 5
    rows = whole.ids.get_indexer(part.ids)
    assert (rows >= 0).all()
    assert np.array_equal(part.vectors, whole.vectors[rows])
    assert any("5 of 12 rows" in note for note in part.notes)


def test_progress_rises_and_a_stop_passes_through(loader, example):
    seen: list[float] = []
    loaders.load(example, progress=lambda event: seen.append(event.fraction))
    assert seen == sorted(seen)
    assert all(0 <= one <= 1 for one in seen)

    def stop(_event):
        raise Cancelled

    if seen:
        with pytest.raises(Cancelled):
            loaders.load(example, progress=stop)


def test_an_unknown_key_is_refused_with_a_hint(loader, example):
    with pytest.raises(CartographyError) as raised:
        loaders.load(example, key="no such thing")
    assert raised.value.hint


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.7, 0.98])
def test_a_file_cut_short_opens_in_part_or_is_refused_in_a_sentence(loader, example, share):
    file = largest_file(example)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    assert_opens_or_refuses(example)


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_file_opens_or_is_refused_in_a_sentence(loader, example, seed):
    file = largest_file(example)
    data = bytearray(file.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(0, min(len(data), 400), size=1 + seed):
        data[place] = rng.integers(0, 256)
    file.write_bytes(bytes(data))
    assert_opens_or_refuses(example)


@pytest.mark.parametrize("content", [b"\0" * 100, b"\xff" * 100, b"hello", b"{}", b"[[", b"PK\x03\x04" + bytes(60)])
def test_something_else_under_its_name_is_refused_in_a_sentence(loader, tmp_path, content):
    suffix = loader.format.suffixes[0]
    path = write(tmp_path, suffix if not suffix.startswith(".") else "other" + suffix, content)
    with pytest.raises(CartographyError) as raised:
        loaders.load(path)
    assert_is_a_sentence(raised.value)


def assert_opens_or_refuses(path) -> None:
    for call in (loaders.probe, loaders.load):
        try:
            call(path)
        except CartographyError as error:
            assert_is_a_sentence(error)


OUR_FAULT = re.compile(
    r"TypeError|AttributeError|IndexError|KeyError|AssertionError|NameError|UnboundLocal|ZeroDivision"
)


def assert_is_a_sentence(error: CartographyError) -> None:
    assert error.message.endswith((".", "…"))
    assert error.hint
    assert "Traceback" not in error.message
    assert not OUR_FAULT.search(error.message), error.message
    assert len(error.message) < 1200


def test_importing_the_loaders_imports_nothing_heavy():
    code = (
        "import sys, pandas; before = set(sys.modules); import loaders; loaders.formats();"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new & {'scipy', 'sklearn', 'pyarrow', 'torch', 'h5py', 'streamlit', 'safetensors'}));"
        "print(sorted(name for name in set(sys.modules) - before if name.startswith('pyarrow.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.split() == ["[]", "[]"]


def test_a_new_format_is_one_new_file(monkeypatch, tmp_path):
    """A module that appears in the folder is found; nothing else is told of it."""
    source = (
        "import numpy as np, pandas as pd\n"
        "from loaders.base import Candidate, Format, Loader, Match, Reading\n"
        "class Stones(Loader):\n"
        "    format = Format('Stones', ('.stones',))\n"
        "    def match(self, source):\n"
        "        return Match.CERTAIN if source.head.startswith(b'stones') else Match.NO\n"
        "    def probe(self, source, options):\n"
        "        return [Candidate('all', (4, 2), 'float32', 32, 'Four stones.')]\n"
        "    def read(self, source, key, options):\n"
        "        return Reading(np.eye(4), pd.DataFrame({'label': list('abcd')}))\n"
        "LOADER = Stones()\n"
    )
    package = write(tmp_path, "stones_for_a_test.py", source).parent
    import loaders.embeddings

    monkeypatch.setattr(loaders.embeddings, "__path__", [*loaders.embeddings.__path__, str(package)])
    registered.cache_clear()
    try:
        path = write(tmp_path, "a.stones", "stones, four of them")
        assert "Stones" in [form.name for form in loaders.formats()]
        assert loader_of(Source(path)).match(Source(path)) == Match.CERTAIN
        assert loaders.load(path).items["label"].tolist() == list("abcd")
    finally:
        registered.cache_clear()
        sys.modules.pop("loaders.embeddings.stones_for_a_test", None)
