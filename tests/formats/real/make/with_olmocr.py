"""Writes what olmOCR makes of three pages: with_olmocr.py > output.jsonl."""
import json

from olmocr.pipeline import PageResult, build_dolma_document
from olmocr.prompts import PageResponse


def page(number, text, is_table=False):
    response = PageResponse(primary_language="zh", is_rotation_valid=True, rotation_correction=0, is_table=is_table,
                            is_diagram=False, natural_text=text)
    return PageResult("scans/courier.pdf", number, response, input_tokens=1200, output_tokens=300, is_fallback=False,
                      is_valid=True)


pages = [
    page(1, "# 东岬灯塔重新点亮\n\n本报记者 林渡\n\n五月五日傍晚六时,停用三年的东岬灯塔重新亮起。\n\n"
            "![灯塔亮灯的一刻](page_10_20_300_200.png)"),
    page(2, None),
    page(3, "## 渡轮班次增加\n\n江州轮渡公司昨日宣布,往返东岬的渡轮由每天六班增加到十班。\n\n"
            "<table><tr><th>班次</th><th>时间</th></tr><tr><td>首班</td><td>六点</td></tr></table>", is_table=True),
]
print(json.dumps(build_dolma_document("scans/courier.pdf", pages)))
