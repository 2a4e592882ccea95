#!/usr/bin/env bash
# How time and memory grow with the number of units: benches/growth.sh PEERS [UNITS...]
#
# PEERS holds the generator (gen.py). For each number of units of 60 rows: CPU, wall, time per row, peak memory, as a
# table, and as a plot in docs/images/增长.svg.
set -euo pipefail
peers=$(realpath "${1:?folder of the peer pipelines}"); shift
cd "$(dirname -- "$0")/.."
cargo build --quiet --profile dist
shuzhi=$PWD/target/dist/shuzhi
work=$(mktemp -d); trap 'rm -rf -- "$work"' EXIT
printf '%8s %10s %10s %10s %12s %10s\n' units rows "CPU s" "wall s" "µs/row" "peak MB"
for n in ${*:-200 2000 20000}; do
  mkdir -p "$work/$n"
  "$peers/venv/bin/python" "$peers/gen.py" "$n" 60 7 "$work/$n/报送" > /dev/null; rm -f "$work/$n/报送/truth.tsv"
  printf '年度 = 2023\n单位 = "某市局"\n数据截至 = "2023-12-31"\n清单 = "ZB"\n\n[文书]\n写 = ["述职报告"]\n\n[工作簿]\n写 = ["排名表"]\n' > "$work/$n/考核.toml"
  rc=0; /usr/bin/time -o "$work/time" -f "%U %S %e %M" "$shuzhi" run "$work/$n" > "$work/said" 2>&1 || rc=$?
  [ "$rc" -le 1 ] || { cat "$work/said"; exit 1; }
  tail -1 "$work/time" | awk -v n="$n" '{ printf "%8d %10d %10.2f %10.2f %12.1f %10.1f\n", n, n*60, $1+$2, $3, ($1+$2)*1e6/(n*60), $4/1024 }' | tee -a "$work/table"
  rm -rf "${work:?}/$n"
done

# Two panels over the number of units (logarithmic): memory, and time per row, each from zero.
awk '
  { n[NR] = $1; us[NR] = $5; mb[NR] = $6; if ($5 > mu) mu = $5; if ($6 > mm) mm = $6 }
  function x(units) { return 50 + 290 * (NR > 1 ? log(units / n[1]) / log(n[NR] / n[1]) : 0) }
  function panel(left, top, title, unit, value, most,   i, line) {
    printf "<g transform=\"translate(%d,0)\"><text x=\"50\" y=\"20\">%s</text>", left, title
    printf "<path d=\"M50 40V230H350\" fill=\"none\" stroke=\"#888\"/>"
    for (i = 1; i <= NR; i++) {
      y = 230 - 180 * value[i] / most; line = line (i > 1 ? "L" : "M") x(n[i]) " " y
      printf "<circle cx=\"%.0f\" cy=\"%.0f\" r=\"3\" fill=\"#b22\"/><text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">%.0f %s</text>", x(n[i]), y, x(n[i]), y - 9, value[i], unit
      printf "<text x=\"%.0f\" y=\"247\" text-anchor=\"middle\">%d</text>", x(n[i]), n[i]
    }
    printf "<path d=\"%s\" fill=\"none\" stroke=\"#b22\"/></g>\n", line
  }
  END {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 260\" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"780\" height=\"260\" fill=\"#fff\"/>"
    panel(0, 0, "内存峰值（按单位数）", "MB", mb, mm); panel(390, 0, "每行的 CPU 时间（按单位数）", "微秒", us, mu)
    print "</svg>"
  }' "$work/table" > docs/images/增长.svg
