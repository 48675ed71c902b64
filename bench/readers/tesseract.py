"""Read pages with Tesseract, one process a page: {"pages": [file]} on stdin, lines with boxes and costs on stdout."""

import json
import os
import resource
import subprocess
import sys

order = json.load(sys.stdin)
environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


pages = []
for file in order["pages"]:
    before = cpu()
    made = subprocess.run(
        ["tesseract", file, "-", "-l", "chi_sim", "--dpi", "200", "tsv"],
        capture_output=True, text=True, env=environment, check=True,
    )
    lines = {}
    for row in made.stdout.splitlines()[1:]:
        cells = row.split("\t")
        if cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = map(int, cells[6:10])
        line = lines.setdefault(tuple(cells[1:5]), {"text": "", "sure": [], "box": [left, top, left, top]})
        line["text"] += cells[11].strip()
        line["sure"].append(float(cells[10]) / 100)
        x0, y0, x1, y1 = line["box"]
        line["box"] = [min(x0, left), min(y0, top), max(x1, left + width), max(y1, top + height)]
    pages.append({
        "cpuSeconds": cpu() - before,
        "lines": [
            {
                "text": line["text"],
                "confidence": max(0.0, min(1.0, sum(line["sure"]) / len(line["sure"]))),
                "box": [[x, y] for x, y in ((line["box"][0], line["box"][1]), (line["box"][2], line["box"][1]), (line["box"][2], line["box"][3]), (line["box"][0], line["box"][3]))],
            }
            for line in lines.values()
        ],
    })
json.dump({"pages": pages, "peakMb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}, sys.stdout, ensure_ascii=False)
