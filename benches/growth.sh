#!/usr/bin/env bash
# How time and memory grow with the number of units: benches/growth.sh PEERS [UNITS...]
#
# PEERS holds the generator (gen.py). For each number of units of 60 rows: CPU, wall, time per row, peak memory.
set -euo pipefail
peers=$(realpath "${1:?folder of the peer pipelines}"); shift
cd "$(dirname -- "$0")/.."
cargo build --quiet --profile dist
shuzhi=$PWD/target/dist/shuzhi
work=$(mktemp -d); trap 'rm -rf -- "$work"' EXIT
printf '%8s %10s %10s %10s %12s %10s\n' units rows "CPU s" "wall s" "µs/row" "peak MB"
for units in "${@:-200 2000 20000}"; do
  for n in $units; do
    mkdir -p "$work/$n"
    "$peers/venv/bin/python" "$peers/gen.py" "$n" 60 7 "$work/$n/报送" > /dev/null; rm -f "$work/$n/报送/truth.tsv"
    printf '年度 = 2023\n单位 = "某市局"\n数据截至 = "2023-12-31"\n清单 = "ZB"\n\n[文书]\n写 = ["述职报告"]\n\n[工作簿]\n写 = ["排名表"]\n' > "$work/$n/考核.toml"
    rc=0; /usr/bin/time -o "$work/time" -f "%U %S %e %M" "$shuzhi" run "$work/$n" > "$work/said" 2>&1 || rc=$?
    [ "$rc" -le 1 ] || { cat "$work/said"; exit 1; }
    tail -1 "$work/time" | awk -v n="$n" '{ printf "%8d %10d %10.2f %10.2f %12.1f %10.1f\n", n, n*60, $1+$2, $3, ($1+$2)*1e6/(n*60), $4/1024 }'
    rm -rf "${work:?}/$n"
  done
done
