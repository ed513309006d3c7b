"""Times jiaokan's repairs beside other cleaners of text, and counts the Chinese marks that each turns into ASCII.

    cleaners.py DOCS.jsonl... [--most MB] [--venv DIR]

The peers are installed into a virtual environment at the versions of requirements-cleaners.txt. Each gets the same
paragraphs, one by one, in memory; what is measured is CPU time without reading and writing. jiaokan and opencc-rust are
measured by benches/conversion.rs, which this runs behind them (it needs Debian's libopencc-dev).
"""

import argparse
import json
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
MARKS = "，；：？！（）“”‘’"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("docs", nargs="+", type=Path)
    options.add_argument("--most", type=float, default=10.0, help="MB of text taken of each file")
    options.add_argument("--venv", type=Path, default=Path("target/peers/cleaners"))
    options.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.worker:
        return work(asked)
    python = installed(asked.venv)
    files = [str(path.resolve()) for path in asked.docs]
    subprocess.run([python, __file__, *files, "--most", str(asked.most), "--worker"], check=True)
    bench = ["cargo", "bench", "--quiet", "--features", "reference", "--bench", "conversion", "--", *files]
    subprocess.run([*bench, "--most", str(asked.most)], check=True, cwd=HERE.parent.parent)


def work(asked):
    import ftfy
    import plsfix

    cleaners = {f"ftfy {ftfy.__version__}": ftfy.fix_text, "plsfix": plsfix.fix_text}
    for path in asked.docs:
        paragraphs = read(path, asked.most)
        size = sum(len(p.encode()) for p in paragraphs)
        marks = count(paragraphs)
        print(f"{path}: {size / 1e6:.1f} MB")
        for name, fix in cleaners.items():
            began = time.process_time()
            fixed = [fix(p) for p in paragraphs]
            took = time.process_time() - began
            lost = 100 * (1 - count(fixed) / max(1, marks))
            print(f"  {name}: {size / 1e6 / took:.1f} MB a CPU second; {lost:.1f} % of the Chinese marks lost")


def read(path, most):
    """The paragraphs of the texts of a file, up to so many MB."""
    paragraphs, size = [], 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            paragraphs += text.split("\n")
            size += len(text.encode())
            if size > most * 1e6:
                break
    return paragraphs


def count(paragraphs):
    return sum(p.count(mark) for p in paragraphs for mark in MARKS)


def installed(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    requirements = HERE / "requirements-cleaners.txt"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    return python


if __name__ == "__main__":
    sys.exit(main())
