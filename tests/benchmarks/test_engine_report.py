"""Rounds become tables, sentences and charts; a run that was interrupted goes on."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks import engine_labels, engine_report, engine_scaling
from benchmarks.engine_charts import LARGEST, quality_table, write_chart
from benchmarks.engine_results import Results
from benchmarks.engine_scaling_report import layout_rate
from benchmarks.engine_scaling_report import section as scaling_section
from tests.data import ROOT


def rounds_of(cell, seconds, knn15, **more):
    base = {"kind": "cell", "data": "tiny", "cell": cell, "cpu": seconds, "memory_gb": 0.5, "trust15": 0.9}
    base |= {"accuracy": 0.8, "triplet": 0.6, **more}
    return [base | {"round": i, "seconds": seconds, "knn15": value} for i, value in enumerate(knn15)]


@pytest.fixture
def results():
    made = Results()
    made.begin()
    for line in rounds_of("UMAP, ours", 2.0, (0.30, 0.31, 0.32)) + rounds_of(
        "UMAP, umap-learn", 8.0, (0.28, 0.27, 0.29), accuracy=0.81
    ):
        made.add(line)
    return made


def test_a_row_holds_the_median_and_the_range_of_the_seeds(results):
    text = engine_report.section(results, "tiny")
    assert "| UMAP, ours | 3 | 2.00 | 2.00 | 0.5 | 0.310 (0.300–0.320) |" in text
    assert "| UMAP, umap-learn | 3 | 8.00 | 8.00 | 0.5 | 0.280 (0.270–0.290) |" in text


def test_a_sentence_says_how_ours_stands_beside_a_peer(results):
    text = engine_report.section(results, "tiny")
    assert "UMAP, ours: 4.0x faster than umap-learn** (4.0x less processor time)" in text
    assert "knn15 +0.030, accuracy -0.010; within the spread of the seeds: trust15" in text


def test_a_slower_cell_is_called_slower():
    ours, peer = (engine_report.Summary(rounds_of("", seconds, (0.3,))) for seconds in (3.0, 1.0))
    assert "3.0x slower than umap-learn** (3.0x more processor time)" in engine_report.compared(
        "", ours, "umap-learn", peer
    )


def test_a_failure_is_said_until_it_is_made_good(results):
    failed = {"kind": "cell", "data": "tiny", "cell": "t-SNE, ours", "round": 0, "failed": "out of memory"}
    results.add(failed)
    assert "t-SNE, ours, round 0: failed: out of memory" in engine_report.section(results, "tiny")
    results.add(rounds_of("t-SNE, ours", 1.0, (0.4,), kl=1.5)[0])
    assert "failed" not in engine_report.section(results, "tiny")


def test_rounds_are_read_again_and_a_torn_line_is_left_out(results, tmp_path):
    path = tmp_path / "rounds.jsonl"
    kept = Results(path)
    for line in results.lines:
        kept.add(line)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"kind": "cell", "data"')
    assert Results(path).lines == results.lines
    Results(path).begin()


def test_rounds_of_two_states_of_the_engine_are_not_mixed(results, tmp_path):
    path = tmp_path / "rounds.jsonl"
    path.write_text(json.dumps({**results.about, "engine": "another"}) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="another state of the engine"):
        Results(path).begin()


def test_a_text_goes_between_its_marks_and_leaves_the_rest(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text("before\n", encoding="utf-8")
    engine_report.write("tiny", "one", page)
    engine_report.write("other", "else", page)
    engine_report.write("tiny", "two", page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert "one" not in text
    assert text.index("two") < text.index("else")


def test_charts_are_small_and_name_every_method(results, tmp_path):
    line = write_chart(results, "tiny", tmp_path)
    svg = (tmp_path / "engine_tiny.svg").read_text(encoding="utf-8")
    assert line.endswith("(pictures/engine_tiny.svg)")
    assert len(svg) < LARGEST
    assert svg.count("UMAP, umap-learn") >= 2  # once a panel


@pytest.fixture
def scaled():
    made = Results()
    made.begin()
    for n in (1_000, 10_000):
        for threads in (1, 2):
            known = {"n": n, "threads": threads, "round": 0}
            made.add({"kind": "machine", "sgemm": 100.0, "read": 10.0, "gathers": 500.0, **known})
            for stage in engine_scaling.STAGES[1:]:
                seconds = n / 1_000 / threads
                work = {"pairs": 2e8 * seconds, "ties": 5e7 * seconds, "compared": n * n / 4, "recall": 0.9}
                line = {"kind": "scaling", "stage": stage, "seconds": seconds, "cpu": seconds * threads}
                made.add({**line, **known, **work})
    return made


def test_scaling_is_told_in_words_and_drawn(scaled, tmp_path):
    text = scaling_section(scaled)
    assert "UMAP layout 1.00" in text
    assert "UMAP layout 2.00x (at 10,000)" in text
    assert layout_rate(scaled, "pairs")[10_000, 1] == pytest.approx(200)
    assert "10% of the 500 million" in text
    write_chart(scaled, "scaling", tmp_path)
    assert "t-SNE layout" in (tmp_path / "engine_scaling.svg").read_text(encoding="utf-8")


def test_a_small_run_goes_on_from_what_it_kept(tmp_path):
    """Two rounds, asked for one after the other: the second run measures only what the first did not."""
    command = [sys.executable, "-m", "benchmarks.engine", "--data", "tiny", "--only", "PCA, first run, ours"]
    command += ["--keep", str(tmp_path / "rounds.jsonl"), "--work", str(tmp_path / "work")]
    for rounds in ("1", "2"):
        said = subprocess.run(
            [*command, "--rounds", rounds], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        assert f"| PCA, first run, ours | {rounds} |" in said
    measured = Results(tmp_path / "rounds.jsonl").of("cell")
    assert [line["round"] for line in measured] == [0, 1]
    assert all(line["seconds"] > 0 and line["memory_gb"] > 0.02 for line in measured)


def test_names_on_a_chart_cover_no_dots_lines_or_other_names(results):
    for line in rounds_of("UMAP cold, ours", 3.0, (0.31, 0.31, 0.31)) + rounds_of("PaCMAP cold", 9.0, (0.285,)):
        results.add(line)
    table = quality_table(results, "tiny")
    table = table[table["measure"] == "knn15"]
    frame = engine_labels.Frame.around(table, 350, 280)
    labels = engine_labels.placed(table, frame)
    boxes = [engine_labels._box(label, frame) for label in labels]
    boxes += [engine_labels._dot(row, frame) for _, row in table.iterrows()]
    assert {label.row["label"] for label in labels} == set(table["label"])
    names = range(len(labels))
    crossed = [(a, b) for a in names for b in range(a + 1, len(boxes)) if engine_labels._common(boxes[a], boxes[b])]
    assert not crossed
