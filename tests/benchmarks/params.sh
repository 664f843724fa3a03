#!/usr/bin/env bash
# How long, and with how much memory, VGG-16 is counted, beside importing PyTorch and nothing more.
# Needs hyperfine, GNU time, and an installed mlcalc whose files are compiled (python -m compileall).
# Bounds: at least 10 times faster, and under a tenth of the memory.
set -euo pipefail
python=${PYTHON:-python3}
mlcalc=${MLCALC:-mlcalc}
results=$(mktemp)
memory=$(mktemp)
trap 'rm -f "$results" "$memory"' EXIT
hyperfine --shell=none --warmup 2 --runs "${RUNS:-15}" --export-json "$results" \
  "$python -c 'import torch'" \
  "$mlcalc params vgg16" \
  "$mlcalc params resnet152" >&2
/usr/bin/time -f %M -o "$memory" "$python" -c 'import torch'
/usr/bin/time -f %M -a -o "$memory" "$mlcalc" params vgg16 >/dev/null
/usr/bin/time -f %M -a -o "$memory" "$mlcalc" params resnet152 >/dev/null
"$python" - "$results" "$memory" <<'PYTHON'
import json
import sys

torch, vgg, resnet = (run["median"] for run in json.load(open(sys.argv[1]))["results"])
kilobytes = [int(line) for line in open(sys.argv[2])]
print(f"{torch / vgg:6.1f} times faster (bound 10)  mlcalc params vgg16 / import torch")
print(f"{torch / resnet:6.1f} times faster             mlcalc params resnet152 / import torch")
for name, used in zip(("vgg16", "resnet152"), kilobytes[1:], strict=True):
    print(f"{used / kilobytes[0]:6.3f} of the memory (bound 0.1)  mlcalc params {name}: {used} kB")
PYTHON
