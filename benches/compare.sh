#!/usr/bin/env bash
# The whole pipeline beside what an office would otherwise run: benches/compare.sh PEERS [UNITS] [ROWS]
#
# PEERS is the folder of the peer pipelines (gen.py, run_peer.sh, floor.py), set up beforehand. Everything is
# generated from one seed and measured in one run: CPU seconds (user and system), wall seconds, peak memory.
# One Word report per unit and the ranking workbook, as the peers write; the least of RUNS runs counts.
set -euo pipefail
peers=$(realpath "${1:?folder of the peer pipelines}"); units=${2:-2000}; rows=${3:-60}; runs=${RUNS:-3}
cd "$(dirname -- "$0")/.."
cargo build --quiet --profile dist
shuzhi=$PWD/target/dist/shuzhi
work=$(mktemp -d); trap 'rm -rf -- "$work"' EXIT

"$peers/venv/bin/python" "$peers/gen.py" "$units" "$rows" 7 "$work/in" > /dev/null
mkdir -p "$work/own/报送"; cp "$work"/in/*.xlsx "$work/own/报送/"
cat > "$work/own/考核.toml" <<'T'
年度 = 2023
单位 = "某市局"
数据截至 = "2023-12-31"
清单 = "ZB"

[文书]
写 = ["述职报告"]

[工作簿]
写 = ["排名表"]
T

# best NAME COMMAND...: one line with the least of several runs; OUT is made anew for each.
best() {
  local name=$1; shift
  for _ in $(seq "$runs"); do
    rm -rf "$work/out" "$work/own/成果" "$work/own/核对"
    local rc=0
    /usr/bin/time -a -o "$work/times" -f "%U %S %e %M" "$@" > "$work/said" 2>&1 || rc=$?
    # 1: the program found something that a person should look at.
    [ "$rc" -le 1 ] || { cat "$work/said"; exit 1; }
  done
  awk -v name="$name" -v units="$units" '{ cpu = $1 + $2
      if (!least || cpu < least) least = cpu; if (!wall || $3 < wall) wall = $3; if ($4 > peak) peak = $4 }
    END { printf "%-28s %8.2f s CPU %8.2f s wall %8.1f MB %8.2f ms/unit\n", name, least, wall, peak / 1024, least * 1000 / units }' "$work/times"
  awk '{ cpu = $1 + $2; if (!least || cpu < least) least = cpu } END { print least }' "$work/times" > "$work/least.$name"
  rm "$work/times"
}

echo "$units units of $rows rows, seed 7, least of $runs runs; $(nproc) cores"
best shuzhi-1 env RAYON_NUM_THREADS=1 "$shuzhi" run "$work/own"
best shuzhi-2 env RAYON_NUM_THREADS=2 "$shuzhi" run "$work/own"
best peer-B "$peers/run_peer.sh" B "$work/in" "$work/out"
JOBS=1 best peer-B-one "$peers/run_peer.sh" B "$work/in" "$work/out"
[ -n "${NO_A:-}" ] || RUNS=1 best peer-A "$peers/run_peer.sh" A "$work/in" "$work/out"
rm -rf "$work/own/成果"; "$shuzhi" run "$work/own" > /dev/null 2>&1 || true
echo "floor: inflate and parse the inputs, deflate as many bytes as shuzhi's own reports"
"$peers/venv/bin/python" "$peers/floor.py" "$work/in" "$work/own/成果/述职报告"
