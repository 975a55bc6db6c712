#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Measure in one run: this rump kernel beside the host's kernel, and beside
# NetBSD's rump kernel where BENCH_NETBSD names a folder with these programs
# built against it.  Figures are ratios: compare lines, not runs.
#
# usage: run.sh BUILD
set -eu
bench=$1/bench
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# A disk for the programs that need one.
if command -v mkfs.vfat >/dev/null 2>&1; then
	dd if=/dev/zero of="$tmp/image" bs=1M count=512 2>/dev/null
	mkfs.vfat -F 32 "$tmp/image" >/dev/null
	BENCH_IMAGE=$tmp/image
	export BENCH_IMAGE
fi

pinned() {
	if command -v taskset >/dev/null 2>&1; then
		taskset -c 1 "$@" 2>/dev/null || taskset -c 0 "$@"
	else
		"$@"
	fi
}

collect() {
	for p in "$1"/"$2"-*; do
		[ -x "$p" ] && [ -f "$p" ] || continue
		[ "${p##*-}" != disk ] || [ -n "${BENCH_IMAGE:-}" ] || continue
		pinned "$p" || echo "$(basename "$p") failed" >&2
	done
}

collect "$bench" rump >"$tmp/rump"
collect "$bench" host >"$tmp/host"
: >"$tmp/netbsd"
[ -z "${BENCH_NETBSD:-}" ] || collect "$BENCH_NETBSD" rump >"$tmp/netbsd"

awk -v net="$tmp/netbsd" -v host="$tmp/host" '
function cell(v) { return v == "" ? "-" : sprintf("%.4g", v) }
function ratio(a, b) { return a == "" || b == "" || b == 0 ? "-" : sprintf("%.2f", a / b) }
BEGIN {
	while ((getline line < host) > 0) { split(line, f, " "); h[f[1]] = f[2] }
	while ((getline line < net) > 0) { split(line, f, " "); n[f[1]] = f[2] }
	printf "%-24s %10s %-8s %10s %8s %10s %8s\n", "", "haunch", "", "host", "ratio", "NetBSD", "ratio"
}
{
	hv = h[$1]
	if (hv == "" && $1 ~ /^null/) hv = h["null-with-lwp"]
	printf "%-24s %10s %-8s %10s %8s %10s %8s\n", $1, cell($2), $3, cell(hv), ratio($2, hv), cell(n[$1]), ratio($2, n[$1])
}' "$tmp/rump"
