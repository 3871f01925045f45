#!/usr/bin/env bash
# Writes a liaison's day at the command line, run against a real hub, between the recording marks of README.md.
# usage: record.sh INFOHUB_BINARY CREDENTIALS.env SAMPLE.csv      (the sample of GD-01, named GD-01_202503.csv)
set -euo pipefail

infohub=$(realpath "$1") credentials=$(realpath "$2") sample=$(realpath "$3")
readme=$(realpath "$(dirname "${BASH_SOURCE[0]}")/README.md")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export INFOHUB_HOME=$folder/home
cd "$folder"
cp "$credentials" gd.env
cp "$sample" GD-01_202503.csv
# A sequence nobody has used, and one row that the hub will send back.
sequence=$((RANDOM % 9000 + 100))
name=GD-01_202503_$sequence.csv
{ cat GD-01_202503.csv; echo '3709830000099,云山市样例商贸有限公司,,样例路1号,370983,202503,200,,50,-5,,x,N,2019-01-18,1'; } >"$name"

step() {
  echo "\$ infohub ${*//$INFOHUB_HOME/\~/.config/infohub}"
  "$infohub" "$@" 2>&1 | sed "s#$INFOHUB_HOME#~/.config/infohub#g; s#$folder/##g" || true
  echo
}

{
  step login --env-file gd.env
  step templates
  step check "$name"
  step push "$name"
  step errors "GD-01.v1.202503.$sequence" --format rejected --out 退回行.csv
  sed -i 's/,-5,,x,/,1500.00,,1050.00,/' 退回行.csv
  echo "（在表格软件里改好退回行.csv）"
  echo
  step mend 退回行.csv --base "GD-01.v1.202503.$sequence"
  step receipt verify "$(ls "$INFOHUB_HOME"/receipts/*/"GD-01.v1.202503.$sequence.json")" --file "$name"
} >recording

{
  sed '/<!-- recording:begin -->/q' "$readme"
  printf '```console\n'
  cat recording
  printf '```\n'
  sed -n '/<!-- recording:end -->/,$p' "$readme"
} >new
cp new "$readme"
