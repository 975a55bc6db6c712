#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Measure in one run: this rump kernel beside the host's kernel, and beside
# NetBSD's rump kernel where BENCH_NETBSD names a folder with these programs
# built against it.  Each program runs BENCH_ROUNDS times (3), and the best is
# printed: a virtual machine finds memory that it has not used for a while
# several times slower than this kernel can fill it, and what one run frees the
# next one gets.  Figures are ratios: compare lines, not runs.
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

# collect FOLDER KERNEL: what each program of that kernel prints.
collect() {
	for p in "$1"/"$2"-*; do
		[ -x "$p" ] && [ -f "$p" ] || continue
		[ "${p##*-}" != disk ] || [ -n "${BENCH_IMAGE:-}" ] || continue
		for _ in $(seq "${BENCH_ROUNDS:-3}"); do
			pinned "$p" || echo "$(basename "$p") failed" >&2
		done
	done
}

collect "$bench" rump >"$tmp/rump"
collect "$bench" host >"$tmp/host"
: >"$tmp/netbsd"
[ -z "${BENCH_NETBSD:-}" ] || collect "$BENCH_NETBSD" rump >"$tmp/netbsd"

awk '
# Rates are best when high, times and memory when low.
function better(unit, new, old) {
	return old == "" || (unit ~ /\/s$/ ? new > old : new < old)
}
function cell(v) { return v == "" ? "-" : sprintf("%.4g", v) }
function ratio(a, b) { return a == "" || b == "" || b == 0 ? "-" : sprintf("%.2f", a / b) }
FNR == 1 { kernel++ }
NF != 3 || $2 + 0 != $2 { next }	# a message of a kernel
{
	if (better($3, $2 + 0, best[kernel, $1]))
		best[kernel, $1] = $2 + 0
	if (kernel == 1 && !($1 in unit)) {
		names[++n] = $1
		unit[$1] = $3
	}
}
END {
	printf "%-24s %10s %-8s %10s %8s %10s %8s\n", "", "haunch", "", "host", "ratio", "NetBSD", "ratio"
	for (i = 1; i <= n; i++) {
		name = names[i]
		here = best[1, name]
		host = best[2, name ~ /^null/ ? "null-with-lwp" : name]
		net = best[3, name]
		printf "%-24s %10s %-8s %10s %8s %10s %8s\n", name, cell(here), unit[name], cell(host), ratio(here, host), cell(net), ratio(here, net)
	}
}' "$tmp/rump" "$tmp/host" "$tmp/netbsd"
