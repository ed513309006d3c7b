"""Saves a hand-made result as PaddleX saves what it found: with_paddleocr.py FOLDER.

What PaddleX imports for models and downloads, and does not need to save, is replaced by empty modules."""
import importlib
import importlib.machinery
import os
import sys
import types

import numpy as np


class Empty:
    def __init__(self, *_, **__): pass
    def __getattr__(self, _): return Empty()
    def __call__(self, *_, **__): return Empty()


def load(name):
    while True:
        try:
            return importlib.import_module("paddlex." + name)
        except ModuleNotFoundError as error:
            module = types.ModuleType(error.name)
            module.__getattr__ = lambda _: Empty()
            module.__path__, module.__spec__ = [], importlib.machinery.ModuleSpec(error.name, None)
            sys.modules[error.name] = module
            for half in [known for known in sys.modules if known.startswith("paddlex")]:
                del sys.modules[half]


pipelines = "inference.pipelines."
ocr, layout = load(pipelines + "ocr.result"), load(pipelines + "layout_parsing.result_v2")
blocks = load(pipelines + "layout_parsing.layout_objects")
load("utils.deps").require_deps = lambda *_, **__: None

out = sys.argv[1]
lines = ["江州日报", "东岬灯塔重新点亮", "守塔人说这一天他等了很", "久，海上的船又看得见岸了。"]
boxes = np.zeros((len(lines), 4), int)
polygons = [np.zeros((4, 2), int)] * len(lines)
read = ocr.OCRResult({
    "input_path": "harbour.png", "page_index": None, "text_det_params": {}, "text_type": "general",
    "model_settings": {"use_doc_preprocessor": False}, "text_rec_score_thresh": 0.0, "return_word_box": False,
    "dt_polys": polygons, "rec_texts": lines, "rec_scores": [0.99] * len(lines), "rec_polys": polygons, "rec_boxes": boxes,
})
read.save_to_json(out)


class Nothing(dict):
    json = {"res": {}}


found = [
    ("header", "江州日报"), ("doc_title", "东岬灯塔\n重新点亮"), ("text", "守塔人说这一天他等了很"), ("image", ""),
    ("figure_title", "灯塔亮灯的一刻"), ("text", "久，海上的船又看得见岸了。"), ("paragraph_title", "渡轮班次增加"),
    ("table_title", "表一 渡轮时刻"), ("table", "<table><tr><td>首班</td><td>六点</td></tr></table>"),
    ("algorithm", "print('亮')"), ("number", "3"),
]
for stem, is_formatted in [("plain", False), ("formatted", True)]:
    page = []
    for at, (label, content) in enumerate(found):
        block = blocks.LayoutBlock(label, [50, 50 * at, 500, 50 * at + 40], content)
        block.index = block.order_index = at
        block.image = {"path": "imgs/img_in_image_box_1.jpg"} if label in ("image", "table") else None
        page.append(block)
    names = ["doc_preprocessor", "seal_recognition", "table_recognition", "formula_recognition", "chart_recognition"]
    settings = {"use_" + name: False for name in names} | {"format_block_content": is_formatted}
    layout.LayoutParsingResultV2({
        "input_path": stem + ".pdf", "page_index": 0, "page_count": 2, "width": 1200, "height": 1700, "seal_res_list": [],
        "model_settings": settings | {"markdown_ignore_labels": ["number", "header"]}, "parsing_res_list": page,
        "layout_det_res": Nothing(), "overall_ocr_res": Nothing(), "table_res_list": [], "formula_res_list": [],
        "imgs_in_doc": [], "doc_preprocessor_res": {"output_img": np.zeros((10, 1200, 3))},
    }).save_to_json(out)
