"""Runs jiaokan and other deduplicators over the same planted copies, side by side: recall by kind, speed, memory.

    peers.py KEPT [--bin PATH] [--lean FLAGS] [--venv DIR] [--only NAME]...

KEPT is what `cargo bench --bench copies -- --keep KEPT` leaves: input.jsonl and planted.jsonl. The peers are installed
into a virtual environment at the versions of requirements.txt. Each runs in a process of its own that reads the input,
drops copies and writes what stays, so that its figures hold all of that. They get the same shingles (five letters of
text folded by NFKC and case) and the same bands (112 permutations, 14 bands of 8: a Jaccard index of about .7).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import unicodedata
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PERMUTATIONS, BANDS, THRESHOLD, SHINGLE = 112, 14, 0.7, 5
KINDS = ["exact", "format", "ocr1", "ocr3", "ocr5", "ocr10", "drop", "trunc", "trad", "gloss"]
# Documents that a batch interface is given at a time.
BATCH = 2000


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("kept", type=Path)
    options.add_argument("--bin", default="target/release/jiaokan")
    options.add_argument("--lean", default="--paragraphs off --passages off --furniture off")
    options.add_argument("--venv", type=Path, default=Path("target/peers/venv"))
    options.add_argument("--only", action="append", help="a row of the table, by the start of its name")
    options.add_argument("--worker", choices=PEERS, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.worker:
        work(asked.worker, asked.kept)
    else:
        compare(asked)


def compare(asked):
    """Measures all, then scores all: a child is said to have held what its parent held when it began."""
    python = installed(asked.venv)
    out = asked.kept / "peers"
    commands = {name: [python, __file__, asked.kept, "--worker", name] for name in PEERS}
    for name, flags in [("jiaokan", []), ("jiaokan-lean", asked.lean.split())]:
        commands[name] = [asked.bin, "clean", "--quiet", asked.kept / "input.jsonl", "--out", out / name, *flags]
    if asked.only:
        commands = {name: command for name, command in commands.items() if name.startswith(tuple(asked.only))}
    took = {}
    for name, command in commands.items():
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)
        took[name] = measured(command)
    tell(asked.kept, took)


def installed(folder):
    """The Python of a virtual environment that holds the peers."""
    python, wanted = folder / "bin/python", (HERE / "requirements.txt").read_text()
    holds = folder / "requirements.txt"
    if not holds.exists() or holds.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        holds.write_text(wanted)
    return python


def measured(command):
    """Wall seconds, CPU seconds and MB at the peak of a command."""
    began = time.monotonic()
    child = subprocess.Popen([str(word) for word in command])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with status {child.returncode}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


# ---- the peers, each in its own process


def work(name, kept):
    """Drops the copies of the input by a peer, which says for each of its texts in a row whether it stays."""
    with open(kept / "input.jsonl", encoding="utf-8") as file:
        lines = file.readlines()
    stays = PEERS[name](folded(json.loads(line)["text"]) for line in lines)
    with open(kept / "peers" / name / "clean.jsonl", "w", encoding="utf-8") as file:
        file.writelines(line for line, stay in zip(lines, stays, strict=True) if stay)


def folded(text):
    """Letters and digits, whatever their width and case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def shingles(text):
    return {text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))}


def nothing(texts):
    """What reading, folding and writing take of all the others."""
    return [True for _ in texts]


def datasketch(texts):
    """MinHash and MinHashLSH, as its documentation has them."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, params=(BANDS, PERMUTATIONS // BANDS))
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        stays = not index.query(sketch)
        if stays:
            index.insert(number, sketch)
        yield stays


def rensa(texts):
    """Its deduplicator over strings, as its documentation has it; candidates are checked against the threshold."""
    from rensa import RMinHashDeduplicator

    index = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=PERMUTATIONS, use_lsh=True, num_bands=BANDS)
    for start, batch in batches(texts):
        yield from index.add_pairs((str(at), shingles(text)) for at, text in enumerate(batch, start))


def rensa_hashed(texts):
    """Its fastest interface that tells which copy stays: hashes made by numpy, bands looked up here, unchecked."""
    import numpy
    from rensa import RMinHash

    held = [set() for _ in range(BANDS)]
    for _, batch in batches(texts):
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(*flat_hashes(batch), PERMUTATIONS, 42)
        for row in numpy.array(matrix.to_rows(), dtype=numpy.uint32).reshape(-1, BANDS, PERMUTATIONS // BANDS):
            bands = [band.tobytes() for band in row]
            stays = not any(band in seen for band, seen in zip(bands, held, strict=True))
            if stays:
                for band, seen in zip(bands, held, strict=True):
                    seen.add(band)
            yield stays


def rensa_rho(texts):
    """Its fastest of all: a sample of the shingles. Flags copies and originals alike, so none of them stays."""
    from rensa import RMinHash, RMinHashLSH

    matrix = RMinHash.digest_matrix_from_flat_token_hashes_rho(*flat_hashes(list(texts)), PERMUTATIONS, 42)
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
    return [not flag for flag in index.query_duplicate_flags_matrix_one_shot(matrix)]


def batches(texts):
    """Lists of texts, each with the number of its first."""
    batch, start = [], 0
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield start, batch
            batch, start = [], start + BATCH
    if batch:
        yield start, batch


def flat_hashes(texts):
    """The hashes of the shingles of all texts in a row, and where each text's begin and the last's end."""
    import numpy

    hashes = [shingle_hashes(text) for text in texts]
    offsets = numpy.cumsum([0] + [len(row) for row in hashes], dtype=numpy.uint64)
    return numpy.concatenate(hashes), offsets


def shingle_hashes(text):
    """A polynomial hash of each shingle, mixed as SplitMix64 does."""
    import numpy

    letters = numpy.frombuffer(text.encode("utf-32-le"), dtype=numpy.uint32).astype(numpy.uint64)
    count = max(0, len(letters) - SHINGLE + 1)
    hashes = numpy.zeros(count, dtype=numpy.uint64)
    for at in range(SHINGLE):
        hashes = hashes * numpy.uint64(0x9E3779B97F4A7C15) + letters[at : at + count]
    hashes = (hashes ^ (hashes >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> numpy.uint64(31))


PEERS = {
    "nothing": nothing,
    "datasketch": datasketch,
    "rensa": rensa,
    "rensa-hashed": rensa_hashed,
    "rensa-rho": rensa_rho,
}

# ---- the table


def tell(kept, took):
    """Prints a row a tool; a second one for jiaokan where what it marks counts as found."""
    megabytes = (kept / "input.jsonl").stat().st_size / 1e6
    ids = {record["id"] for record in records(kept / "input.jsonl")}
    pairs = [
        (copy["kind"], copy["copy"]["id"], copy["originals"][0]["id"])
        for copy in records(kept / "planted.jsonl")
        if copy["level"] == "document"
    ]
    planted = {id for _, *both in pairs for id in both}
    print(f"{megabytes:.1f} MB, {len(ids)} documents, {len(pairs)} of them planted copies\n")
    print(row("", ["MB/CPU s", "s", "peak MB", *KINDS, "all", "removed", "unplanted"]))
    for name, (wall, cpu, peak) in took.items():
        out = kept / "peers" / name
        removed = ids - {record["id"] for record in records(out / "clean.jsonl")}
        found = {pair for pair in pairs if removed & set(pair[1:])}
        figures = [f"{megabytes / cpu:.1f}", f"{wall:.1f}", f"{peak:.0f}"]
        counts = [str(len(removed)), str(len(removed - planted))]
        print(row(name, figures + recall(pairs, found) + counts))
        if (out / "clusters.jsonl").exists():
            cluster = {record["id"]: record["cluster"] for record in records(out / "clusters.jsonl")}
            marked = {pair for pair in pairs if cluster.get(pair[1], pair[1]) == cluster.get(pair[2], pair[2])}
            print(row("  or marked", ["", "", ""] + recall(pairs, found | marked) + ["", ""]))
    print("\nunplanted: removed documents that are no planted copy, nor the original of one; they may be true copies")


def recall(pairs, found):
    """The share of the pairs that were found, by kind and of all."""
    shares = []
    for kinds in [[kind] for kind in KINDS] + [KINDS]:
        of_kind = [pair in found for pair in pairs if pair[0] in kinds]
        shares.append(f"{sum(of_kind) / len(of_kind):.3f}" if of_kind else "-")
    return shares


def row(name, cells):
    return f"{name:14}" + "".join(f"{cell:>10}" for cell in cells)


def records(path):
    with open(path, encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    main()
