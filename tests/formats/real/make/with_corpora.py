"""Writes the same three texts with datatrove and with datasets: with_corpora.py FOLDER."""
import datetime
import os
import sys

import datasets
from datatrove.data import Document
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

out = sys.argv[1]
texts = [
    ("n-1", "东岬灯塔重新点亮\n\n五月五日傍晚六时，停用三年的东岬灯塔重新亮起。守塔人按下开关时，码头上站着一百多位渔民。"),
    ("n-2", "渡轮班次增加\n\n江州轮渡公司昨日宣布，往返东岬的渡轮由每天六班增加到十班，票价仍为五元。"),
    ("n-3", "The lamp shines again, and the keeper says that he had waited for this evening for three years."),
]

for writer, ending in [(JsonlWriter, "jsonl.gz"), (ParquetWriter, "parquet")]:
    kind = {} if ending == "parquet" else {"compression": "gzip"}
    with writer(out, output_filename="datatrove." + ending, **kind) as file:
        for name, text in texts:
            about = {"url": f"https://example.org/{name}", "language_score": 0.98, "tags": ["港口", "灯塔"]}
            file.write(Document(text=text, id=name, metadata=about), rank=0)

features = datasets.Features({
    "id": datasets.Value("int64"),
    "text": datasets.Value("string"),
    "tags": datasets.List(datasets.Value("string")),
    "published": datasets.Value("timestamp[s]"),
    "day": datasets.Value("date32"),
    "pages": {"first": datasets.Value("int32"), "last": datasets.Value("int32")},
})
data = datasets.Dataset.from_dict({
    "id": [1, 2, 3],
    "text": [text for _, text in texts],
    "tags": [["港口", "灯塔"], [], None],
    "published": [datetime.datetime(2023, 5, 6, 8, 30), datetime.datetime(2023, 5, 7), None],
    "day": [datetime.date(2023, 5, 6)] * 3,
    "pages": [{"first": 1, "last": 2}, {"first": 3, "last": 3}, None],
}, features=features)
data.to_json(os.path.join(out, "datasets.jsonl"), force_ascii=False)
data.to_json(os.path.join(out, "datasets.json"), lines=False)
data.to_parquet(os.path.join(out, "datasets.parquet"))
