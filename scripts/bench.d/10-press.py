"""Measures the press: a two-page decision, other data each time, from request to bytes over the worker's pipe.

Prints the cold start (process to first document) and p50, p99, range of the warm documents.
"""

import json
import pathlib
import struct
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parents[2]
count = int(sys.argv[1]) if len(sys.argv) > 1 else 200


def read(stream):
    (length,) = struct.unpack(">I", stream.read(4))
    return stream.read(length)


def document(number):
    paragraph = f"第 {number} 次：上报工业总产值与账面记载不符，多报 {number} 万元。" * 12
    return {
        "bureau": {"name": "清禾县统计局（演示）", "letterhead": "清禾县统计局"}, "title": "行政处罚决定书", "demo": True,
        "kind": "penalty-decision", "rendition": "A", "slots": [],
        "sheet": {"id": f"{number:032x}", "text": f"编号 {number}"},
        "fields": {
            "subjectName": f"清禾县第 {number} 纸品厂（演示）", "facts": paragraph, "evidence": ["现场检查笔录", "录像"],
            "defence": "当事人未要求听证。", "reasons": paragraph, "legalBasis": "《中华人民共和国统计法》。",
            "content": ["给予警告", f"处罚款人民币{number}元"], "performance": "十五日内缴纳。", "remedies": "六十日内申请复议。",
        },
    }


started = time.perf_counter()
worker = subprocess.Popen(
    [root / ".venv/bin/python", root / "worker/press_worker.py", "--templates", root / "Documents", "--fonts",
     root / ".tools/fonts"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
json.loads(read(worker.stdout))
times = []
try:
    for number in range(count + 1):
        request = {
            "id": number, "template": "penalty-decision", "data": document(number), "date": "2026-11-20",
            "output": "pdf",
        }
        body = json.dumps(request, ensure_ascii=False).encode()
        begun = time.perf_counter()
        worker.stdin.write(struct.pack(">I", len(body)) + body)
        worker.stdin.flush()
        answer = json.loads(read(worker.stdout))
        if not answer["ok"]:
            sys.exit(f"refused: {answer}")
        size = len(read(worker.stdout))
        times.append(time.perf_counter() - begun)
        if number == 0:
            print(f"cold: {(time.perf_counter() - started) * 1000:.0f} ms to the first document of {size} bytes")
finally:
    worker.stdin.close()
    worker.wait(10)
warm = sorted(times[1:])
print(
    f"warm, {len(warm)} documents: p50 {warm[len(warm) // 2] * 1000:.1f} ms, p99 {warm[int(len(warm) * .99)] * 1000:.1f} ms, "
    f"range {warm[0] * 1000:.1f} to {warm[-1] * 1000:.1f} ms (bars: 25, 50; cold 1000)")
