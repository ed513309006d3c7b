"""Runs two builds of jiaokan over the same inputs and settings and says where what they write differs.

A line for each input and setting says `same`, `DIFFERS` or `FAILED` (both, and alike), the seconds of both, and which
files differ; below it stands the first line of each that does. `status` is no file but how the commands ended and what
they said. Exit status 0: all the same.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "same"
# Beside each other, the pages and units of jingbao1939 would go as copies. moj_versions/gold is there to be refused.
CORPORA = ["xwlb/*", "laws_cn/*", "moj_versions/*", "jingbao1939/pages", "jingbao1939/repeat_units", "columns/*",
           "bln600/*", "gloss/exact_sim", "gloss/negatives", "gloss/real_examples"]
FOLDERS = ["data/pages", "tests/formats", "tests/cases", "../shared/seeds"]
MOST_BYTES = {"gloss-exact_sim": 200_000}  # to repair its damaged bytes takes 28 seconds a MB
SETTINGS = {"default": [], "web": ["--preset", "web"], "book": ["--preset", "book"],
            "simplified": ["--script", "simplified"], "articles": ["--split", "articles"]}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("JIAOKAN_")}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ref", default="HEAD~1", help="the binary or the commit to compare with (HEAD~1)")
    options.add_argument("--bin", default=CACHE.parent / "release/jiaokan", help="the binary to compare")
    options.add_argument("--only", action="append", default=[], help="inputs or settings, by a part of their names")
    asked = options.parse_args()
    builds = {"reference": asked.ref if os.path.isfile(asked.ref) else built(asked.ref), "present": asked.bin}
    print(", ".join(f"{side}: {path}" for side, path in builds.items()), flush=True)
    begin, verdicts = time.time(), []
    with tempfile.TemporaryDirectory(prefix="jiaokan-same-") as work:
        # copies, so that a build that goes on meanwhile changes nothing
        binaries = [shutil.copy(path, Path(work, side)) for side, path in builds.items()]
        for name, path in inputs():
            for setting, commands in ways(path, Path(work)):
                if not asked.only or any(word in f"{name} {setting}" for word in asked.only):
                    verdicts.append(compared(name, setting, commands, binaries, Path(work, "run")))
    print(f"{verdicts.count('same')} of {len(verdicts)} are the same, {time.time() - begin:.0f} s")
    raise SystemExit(set(verdicts) != {"same"})


def built(commit):
    """The release binary of a commit, which is built once and stays, with the dependencies for the next one."""
    git = ["git", "-C", ROOT]
    short = subprocess.check_output([*git, "rev-parse", "--short=7", commit + "^{commit}"], text=True).strip()
    binary, tree = CACHE / short / "jiaokan", CACHE / "tree"
    if not binary.exists():
        remove = [*git, "worktree", "remove", "--force", tree]
        subprocess.run(remove, stderr=subprocess.DEVNULL)  # what a run that was killed left
        subprocess.run([*git, "worktree", "add", "--quiet", "--detach", tree, short], check=True)
        subprocess.run(["nice", "make", "-C", tree, "build", f"CARGO_TARGET_DIR={CACHE / 'build'}"], check=True)
        subprocess.run(remove, check=True)
        binary.parent.mkdir(exist_ok=True)
        # a copy: the file in the build folder has a second name there, and the next build may write into it
        Path(shutil.copy(CACHE / "build/release/jiaokan", binary.with_suffix(".new"))).rename(binary)
    return binary


def inputs():
    """The names and paths of what is there to be cleaned; says what is not."""
    for pattern in [*FOLDERS, *(f"../shared/corpora/{corpus}.jsonl" for corpus in CORPORA)]:
        name, found = pattern.removeprefix("../shared/").removesuffix(".jsonl"), sorted(ROOT.glob(pattern))
        if found:
            yield name, found[0] if found[0].is_dir() else cut(found, f"{found[0].parent.name}-{found[0].stem}")
        else:
            print(f"skipped  {name}: it is not there", flush=True)


def cut(files, name):
    """The first records of the files as a file in the cache, which is made again when one of them changes."""
    to, most = CACHE / "inputs" / f"{name}.jsonl", MOST_BYTES.get(name, 20_000_000)
    if not to.exists() or any(os.path.getmtime(file) > to.stat().st_mtime for file in [*files, __file__]):
        to.parent.mkdir(parents=True, exist_ok=True)
        with open(to.with_suffix(".new"), "wb") as out:
            for line in (with_text(line) for file in files for line in open(file, "rb")):
                if out.tell() + len(line) > most:
                    break
                out.write(line)
        to.with_suffix(".new").rename(to)
    return to


def with_text(line):
    """A record with its text in one piece where it had blocks, of lines or not; any other as it is."""
    row = json.loads(line)
    if "blocks" not in row:
        return line
    blocks = (block if isinstance(block, str) else "\n".join(block["lines"]) for block in row["blocks"])
    return json.dumps({"id": row["id"], "text": "\n\n".join(blocks)}, ensure_ascii=False).encode() + b"\n"


def ways(path, work):
    """The settings, and the commands of each, which write below out. A file is cleaned in three shards as well."""
    for setting, flags in SETTINGS.items():
        yield setting, [["clean", path, "--out", "out", *flags]]
    if path.is_file():
        lines, shards = list(open(path, "rb")), [work / f"{s}.jsonl" for s in "123"]
        for at, shard in enumerate(shards):
            shard.write_bytes(b"".join(lines[at::3]))
        yield "shards", [
            *(["survey", shard, "--prints", f"{shard.stem}.prints"] for shard in shards),
            ["settle", *(f"{shard.stem}.prints" for shard in shards), "--to", "out"],
            *(["finish", shard, "--prints", f"{shard.stem}.prints", "--verdicts", f"out/{shard.stem}.verdicts",
               "--lexicon", "out/lexicon", "--out", f"out/{shard.stem}"] for shard in shards)]


def compared(name, setting, commands, binaries, folder):
    """Runs the commands with each build in a folder of the same name, and tells what differs."""
    (was, seconds, done), (now, seconds_now, _) = (ran(binary, commands, folder) for binary in binaries)
    differ = [file for file in sorted(was | now) if was.get(file) != now.get(file)]
    verdict = "DIFFERS" if differ else "same" if done else "FAILED"
    told = was["status"][-200:].decode(errors="replace") if verdict == "FAILED" else ", ".join(differ)
    print(f"{verdict:8} {name:32} {setting:10} {seconds:5.1f} s {seconds_now:5.1f} s  {told}".rstrip(), flush=True)
    for file in differ:
        print(f"    {file} {first_difference(was.get(file, b'(no file)'), now.get(file, b'(no file)'))}", flush=True)
    return verdict


def ran(binary, commands, folder):
    """What the commands wrote, how they ended and what they said; the seconds; whether all did their work."""
    folder.mkdir()
    begin, said, done = time.time(), b"", True
    for command in commands:
        run = subprocess.run([binary, *command, "--quiet"], cwd=folder, env=ENVIRONMENT, capture_output=True)
        said += f"{command[0]} ended with {run.returncode}\n".encode() + run.stdout + run.stderr
        done = done and run.returncode in (0, 1)  # 1: some documents were refused
    files = {path.relative_to(folder / "out").as_posix(): path.read_bytes() for path in folder.glob("out/**/*.jsonl")}
    shutil.rmtree(folder)
    return files | {"status": said}, time.time() - begin, done


def first_difference(was, now):
    """The first line that differs, from a little before the place on."""
    lines = zip_longest(was.split(b"\n"), now.split(b"\n"), fillvalue=b"(no line)")
    number, pair = next((number, pair) for number, pair in enumerate(lines, 1) if pair[0] != pair[1])
    at = max(0, len(os.path.commonprefix(pair)) - 60)
    shown = (f"\n      {sign} {line[at:at + 180].decode(errors='replace')}" for sign, line in zip("-+", pair))
    return f"line {number}, byte {at}{''.join(shown)}"


if __name__ == "__main__":
    main()
