#!/usr/bin/env python3
"""Lists what jiaokan drops as a copy and that is not letter for letter what stays, side by side with what stays.

    benches/dropped.py --bin BIN [--arg ARG]... [--all] FILE.jsonl|FOLDER...

Each input is cleaned by itself. Of every document, paragraph and passage that left as a repeat, its letters are looked
for in the source it is said to be a copy of. Those that stand there count as `to the letter`, and as `all` if --all
lists them too; the others are printed, the dropped text behind `-`, the text that stays behind `+`, and the places
that differ behind `~`. A person reads them: the last line only counts. A loop has no other place, and is printed whole.
"""

import argparse
import collections
import difflib
import json
import subprocess
import tempfile
import unicodedata
from pathlib import Path

RULES = {"duplicate", "exact", "near", "spliced", "loop"}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bin", required=True, help="the program")
    options.add_argument("--arg", action="append", default=[], help="an argument of `clean`")
    options.add_argument("--all", action="store_true", help="list also what is dropped to the letter")
    options.add_argument("inputs", nargs="+", type=Path)
    asked = options.parse_args()
    counts = collections.Counter()
    for given in asked.inputs:
        with tempfile.TemporaryDirectory(prefix="jiaokan-dropped-") as work:
            out, sources = Path(work) / "out", Path(work) / "sources"
            run(asked.bin, "clean", given, "--out", out, *asked.arg)
            run(asked.bin, "undo", out, "--to", sources)
            tell(given, out, texts(sources), asked.all, counts)
    print(", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "nothing dropped")


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr[-800:]}")


def texts(folder):
    """The text of each document by its id, and by its name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        if path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                found[str(record.get("id"))] = record.get("text", "")
        else:
            found[str(path.relative_to(folder))] = path.read_text(encoding="utf-8", errors="replace")
    return found


def tell(given, out, sources, lists_all, counts):
    for line in (out / "changes.jsonl").read_text(encoding="utf-8").splitlines():
        change = json.loads(line)
        if change["rule"] not in RULES or change.get("applied") is False or change.get("grade") == "suspected":
            continue
        kept = (change.get("of") or {}).get("id")
        gone = change.get("before") or sources.get(change["id"], "")
        stays = sources.get(kept, "") if kept else ""
        is_same = kept is not None and letters(gone) in letters(stays)
        counts[f"{change['rule']}, {'to the letter' if is_same else 'TO BE READ'}"] += 1
        if is_same and not lists_all:
            continue
        print(f"== {given} {change['id']} {change['rule']} of {kept}")
        for place in differing(gone, stays):
            print("~", place)
        print("-", short(gone))
        print("+", short(stays))


def letters(text):
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if c.isalnum())


def differing(gone, stays):
    """What only the dropped text has, or has otherwise, in a few words."""
    a, b = letters(gone), letters(stays)
    if not b or len(a) * len(b) > 400_000_000:
        return
    found = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    for kind, begin, end, start, stop in found:
        if kind == "delete" or kind == "replace":
            there = b[start:stop] if stop - start < 60 else "…"
            yield f"{a[max(0, begin - 8):begin]}[{a[begin:end][:120]} | {there}]{a[end:end + 8]}"


def short(text, most=700):
    text = text.replace("\n", "⏎")
    return text if len(text) <= most else text[:most] + f"… ({len(text)} characters)"


if __name__ == "__main__":
    main()
