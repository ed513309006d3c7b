#!/usr/bin/env python3
"""Sets articles in columns, reads the lines straight across them as a recogniser does, and says how many paragraphs
jiaokan finds again.

    benches/across.py --bin target/release/jiaokan --from docs.jsonl [--pages 40] [--seed 1] [--keep FOLDER]

Each page is one article of `--from` (records with `text`, paragraphs on lines of their own) in two to five columns. The
gutter becomes spaces, a mark, or nothing; one character in a hundred is lost and one in fifty is another. A paragraph
counts as found if one paragraph of the clean text is it to nine tenths.
"""

import argparse
import difflib
import json
import pathlib
import random
import re
import subprocess
import tempfile

CLOSING = "，。、；：？！”》）"
STRAYS = [" ”", "”", " 。", " “", " |", "| ", " ” "]
WRONG = "的一是在不了有和人这中大为上个国"


def lines_of(paragraphs, letters):
    """The lines of a column; paragraphs are set in by two letters."""
    for paragraph in paragraphs:
        text = "\u3000\u3000" + paragraph
        while text:
            end = letters
            while end < len(text) and text[end] in CLOSING:
                end += 1
            yield text[:end]
            text = text[end:]


def misread(text, dice):
    read = []
    for letter in text:
        chance = dice.random()
        if chance < 0.01:
            continue
        is_han = "\u4e00" <= letter <= "\u9fff"
        read.append(dice.choice(WRONG) if chance < 0.03 and is_han else letter)
    return "".join(read)


def page(paragraphs, dice):
    columns = dice.choice([2, 3, 3, 4, 4, 5])
    letters = dice.choice([20, 24, 28] if columns == 2 else [13, 15, 17, 18, 20])
    lines = list(lines_of(paragraphs, letters))
    height = -(-len(lines) // columns)
    rows = []
    for row in range(height):
        across = ""
        for column in range(columns):
            at = column * height + row
            line = lines[at] if column * height <= at < min(len(lines), (column + 1) * height) else ""
            indent = len(line) - len(line.lstrip("\u3000"))
            text = misread(line.strip("\u3000"), dice)
            if column and indent:
                across += " " * dice.choice([2, 3, 4])
            across += text
            left = 2 * (letters - indent) - sum(2 if ord(c) > 0x2000 else 1 for c in text)
            if column + 1 == columns:
                continue
            if not text or left > 6:
                across += " " * int(left * dice.uniform(0.8, 1.1))
            elif (chance := dice.random()) < 0.35:
                across += dice.choice(STRAYS)
            elif chance < 0.92:
                across += " " * dice.choice([1, 2, 3, 4])
        rows.append(across.strip())
    return "\n".join(rows) + "\n"


def folded(text):
    return re.sub(r"[\W_]", "", text)


def is_like(wanted, found):
    if not found or not 0.5 < len(wanted) / len(found) < 2:
        return False
    matcher = difflib.SequenceMatcher(None, wanted, found, autojunk=False)
    return matcher.quick_ratio() > 0.85 and matcher.ratio() >= 0.9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--from", dest="source", required=True)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="a folder for the pages and what came out")
    args = parser.parse_args()
    dice = random.Random(args.seed)
    with open(args.source, encoding="utf-8") as records:
        articles = [json.loads(record)["text"].split("\n") for record in records]
    dice.shuffle(articles)
    articles = [[p.strip() for p in article if len(p.strip()) > 40][:6] for article in articles]
    articles = [article for article in articles if sum(map(len, article)) >= 300][: args.pages]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(args.keep or scratch)
        (folder / "pages").mkdir(parents=True, exist_ok=True)
        for at, article in enumerate(articles):
            (folder / "pages" / f"{at:03}.txt").write_text(page(article, dice), encoding="utf-8")
        command = [args.bin, "clean", folder / "pages", "--out", folder / "out", "--duplicates", "off"]
        subprocess.run(command, check=True, capture_output=True)
        with open(folder / "out" / "clean.jsonl", encoding="utf-8") as records:
            clean = {record["id"]: record["text"] for record in map(json.loads, records)}
    found = wanted = 0
    for at, article in enumerate(articles):
        paragraphs = [folded(p) for p in clean.get(f"{at:03}.txt", "").split("\n\n")]
        wanted += len(article)
        found += sum(any(is_like(folded(p), other) for other in paragraphs) for p in article)
    print(f"{len(articles)} pages, {wanted} paragraphs, {found / max(1, wanted):.3f} found")


if __name__ == "__main__":
    main()
