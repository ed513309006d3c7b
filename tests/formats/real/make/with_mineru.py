"""Saves a hand-made tree of blocks as MinerU saves what it parsed: with_mineru.py FOLDER."""
import base64
import io
import json
import os
import sys

from mineru.integrations.docvortex import build_metadata
from mineru.parser.base import ParseResult
from mineru.parser.writer import FileBasedDataWriter
from mineru.render import render_content_list, render_content_list_v2
from mineru.types import MiddleJson
from PIL import Image


def picture():
    file = io.BytesIO()
    Image.new("L", (2, 2)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def block(sort, content, index=0, **fields):
    content = [{"type": "text", "content": content}] if isinstance(content, str) else content
    return {"type": sort, "content": content, "index": index, "bbox": [0.1, 0.1, 0.9, 0.2], **fields}


def shown(sort, index, *content, **fields):
    return block(sort, [{**child, "index": index if child["type"].endswith("_body") else index + at}
                        for at, child in enumerate(content)], index, **fields)


link = {"type": "hyperlink", "url": "https://example.org/a", "content": [{"type": "text", "content": "县志"}]}
first = [
    block("header", "江州日报", 0),
    block("doc_title", "东岬灯塔重新点亮", 1, level=1),
    block("text", [{"type": "text", "content": "灯光转速"}, {"type": "equation_inline", "content": "v=6"},
                   {"type": "text", "content": "，见"}, link, {"type": "text", "content": "。守塔人说这一天他等了很"}], 2),
    shown("image", 3, {**block("image_body", ""), "content": "", "image_base64": picture()},
          block("image_caption", "灯塔亮灯的一刻")),
    block("text", "久，海上的船又看得见岸了。", 5),
    block("page_number", "3", 6),
]
second = [
    block("paragraph_title", "渡轮班次增加", 0, level=2),
    shown("table", 1, {**block("table_body", ""), "content": "<table><tr><td>首班</td><td>六点</td></tr></table>"},
          block("table_caption", "表一 渡轮时刻"), block("table_footnote", "节假日照常")),
    block("list", [block("text", "学生凭证半价", 4), block("text", "老人免票", 5)], 4),
    block("equation", "", 6) | {"content": "t = s / v"},
    shown("code", 7, {**block("code_body", ""), "content": "print('亮')"}, sub_type="code", guess_lang="python"),
    block("ref_text", "[1] 《江州县志》卷三。", 8),
    block("page_footnote", "注：天数由海事处提供。", 9),
]
middle = MiddleJson.from_dict({
    "schema": "docvortex.middle", "schema_version": "2.0", "is_full_document": True,
    "metadata": {"file_suffix": "pdf", "producer": {"name": "mineru", "version": "4.0.12"}},
    "extensions": build_metadata(effort="high", parse_mode="ocr"),
    "pages": [{"page_idx": 0, "blocks": first}, {"page_idx": 1, "blocks": second}],
})
ParseResult(middle_json=middle).save(FileBasedDataWriter(sys.argv[1]))
for name, render in [("content_list", render_content_list), ("content_list_v2", render_content_list_v2)]:
    with open(os.path.join(sys.argv[1], f"harbour_{name}.json"), "w") as file:
        json.dump(render(middle), file, ensure_ascii=False)
