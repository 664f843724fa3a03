#!/usr/bin/env bash
# How long a one-off question takes beside what it cannot do without, as ratios of medians.
# Needs hyperfine and an installed mlcalc whose files are compiled (python -m compileall).
# Bounds: --help 1.0, conv-shape 1.3 (of typer and rich.console), map 1.6 (of sympy).
set -euo pipefail
python=${PYTHON:-python3}
results=$(mktemp)
trap 'rm -f "$results"' EXIT
hyperfine --shell=none --warmup 3 --runs "${RUNS:-30}" --export-json "$results" \
  "$python -c 'import typer, rich.console'" \
  "mlcalc --help" \
  "mlcalc conv-shape 4x4 --kernel 2x2 --padding 1 --image '1 3 -2 4; 0 8 6 5; 2 1 -9 0; 4 -1 3 7' --weights '1 2; -2 -1'" \
  "mlcalc rnn-step --W-xh '1 0; 0 1' --W-hh '0.5 0; 0 0.5' --W-hy '1 1' --x '1 0; 0 1' --activation tanh" \
  "$python -c 'import sympy'" \
  "mlcalc map poisson --parameter theta --data 3,4,1 --prior 'gamma(shape=2, scale=2)'" >&2
"$python" - "$results" <<'PYTHON'
import json
import sys

runs = [run["median"] for run in json.load(open(sys.argv[1]))["results"]]
typer, help_, conv, rnn, sympy, map_ = runs
for name, ratio, bound in (
    ("mlcalc --help / typer + rich.console", help_ / typer, 1.0),
    ("mlcalc conv-shape / typer + rich.console", conv / typer, 1.3),
    ("mlcalc rnn-step / typer + rich.console", rnn / typer, 1.3),
    ("mlcalc map / sympy", map_ / sympy, 1.6),
):
    print(f"{ratio:5.2f}  (bound {bound})  {name}")
PYTHON
