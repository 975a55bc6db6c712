#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Install what is missing, build, run.  `./do help` lists the commands.
set -eu
cd "$(dirname "$0")"
top=$PWD
CI=${CI:-}

build_packages='gcc libc6-dev binutils meson ninja-build pkg-config python3 liburing-dev libarchive-dev libedit-dev'
run_packages='xorriso genisoimage makefs libarchive-tools dosfstools mtools'
test_packages="$run_packages clang libclang-rt-14-dev kyua atf-sh libatf-dev make fdisk gdisk parted xz-utils"
lint_packages='clang-tidy cppcheck mandoc'

usage() {
	cat <<'EOF'
usage: ./do COMMAND

  run             build, then read disk images made by other people's tools
                  with kernel drivers in a process, and compare
  test [all]      build twice (gcc release; clang with sanitizers and
                  diagnostics) and run the tests; all: every host and flavour
  test tsan       build with the thread sanitizer and run what has threads
  test FLAVOUR    another C library or CPU: musl, i386, aarch64, s390x
  fuzz TARGET     cd9660, disklabel, etfs, modules, msdosfs, syscalls; -h
  coverage TARGET what of the driver the target's corpus reaches
  bench           build, then measure; ratios against this host's kernel
  build           build only, into build/
  lint            static checks of sources and manual pages
  install [DIR]   install into DIR (default: prefix /usr/local)
  clean           remove what was built
EOF
}

say() {
	printf '== %s\n' "$*"
}

# Print those of the packages that are not installed.
missing() {
	for p; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null |
		    grep -q '^install ok installed' || printf '%s ' "$p"
	done
}

# Install Debian packages, or say how.
need() {
	command -v dpkg-query >/dev/null 2>&1 || return 0
	# shellcheck disable=SC2086
	lack=$(missing $*)
	[ -n "$lack" ] || return 0
	install="apt-get install -y --no-install-recommends $lack"
	if [ "$(id -u)" = 0 ]; then
		as=
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		as='sudo'
	else
		printf 'These packages are needed; as root, run:\n\n  apt-get update && %s\n\n' "$install" >&2
		exit 1
	fi
	say "installing: $lack"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086
	$as apt-get -q update >/dev/null && $as $install >/dev/null
}

# configure DIR CC OPTION...: make or refresh a build folder.
configure() {
	dir=$1 compiler=$2
	shift 2
	[ -f "$dir/build.ninja" ] ||
	    CC=$compiler meson setup "$dir" "$@" >"$dir.log" 2>&1 ||
	    { cat "$dir.log" >&2; exit 1; }
	rm -f "$dir.log"
}

# build [TARGET...]: the release build; all of it by default.
build() {
	need $build_packages
	configure build gcc
	ninja -C build "$@"
}

build_sanitized() {
	configure build-san clang -Dbuildtype=debugoptimized -Ddiagnostics=true \
	    -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=true
	ninja -C build-san
}

do_run() {
	need $build_packages $run_packages
	build cmd/rump/rump
	sh examples/images.sh "$top/build"
}

do_test() {
	need $build_packages $test_packages
	build
	build_sanitized
	say 'tests: gcc release'
	first=0 second=0
	python3 tools/runtests build || first=$?
	say 'tests: clang, address and undefined sanitizers, diagnostics'
	python3 tools/runtests build-san || second=$?
	python3 tools/runtests --sum build build-san
	[ "$first" = 0 ] && [ "$second" = 0 ]
}

# Programs with threads, each with its half in the kernel.
tsan_tests='dev_races files_pipe_threads files_race kern_gate kern_halt kern_interrupted kern_locks
    kern_mix kern_races kern_sched kern_threads kern_timers mem_stress nullfs_race scenario tmpfs_race
    tty_threads vfs_dirhash vfs_lockwaits vfs_nodes vfs_threads vio_threads vio_throttle vio_writeback'

do_test_tsan() {
	need $build_packages $test_packages
	configure build-tsan clang -Dbuildtype=debugoptimized -Ddiagnostics=true \
	    -Db_sanitize=thread -Db_lundef=false
	# shellcheck disable=SC2046,SC2086
	ninja -C build-tsan $(printf 'test/posix-%s ' $tsan_tests)
	failed=0
	for t in $tsan_tests; do
		say "$t"
		(cd build-tsan/test && TSAN_OPTIONS=halt_on_error=1 "./posix-$t") || failed=1
	done
	return "$failed"
}

# Other C libraries and CPUs: FLAVOUR runs all tests but those of the build itself, by emulation if need be.
flavours='musl i386 aarch64 s390x'
flavour_packages='musl-tools gcc-i686-linux-gnu libc6-dev-i386-cross libc6-i386
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user'

do_test_flavour() {
	wrapper=
	case $1 in
	aarch64|s390x)	wrapper="qemu-$1 -L /usr/$1-linux-gnu" ;;
	esac
	say "tests: $1"
	# shellcheck disable=SC2086
	need $build_packages $test_packages $flavour_packages
	[ -f "build-$1/build.ninja" ] ||
	    meson setup "build-$1" --cross-file "tools/cross/$1.ini" >"build-$1.log" 2>&1 ||
	    { cat "build-$1.log" >&2; return 1; }
	rm -f "build-$1.log"
	ninja -C "build-$1" &&
	    python3 tools/runtests --programs --wrapper "$wrapper" "build-$1"
}

do_test_all() {
	worst=0 builds='build build-san'
	do_test || worst=$?
	do_test_tsan || worst=$?
	for flavour in $flavours; do
		do_test_flavour "$flavour" || worst=$?
		[ ! -f "build-$flavour/test-counts.json" ] || builds="$builds build-$flavour"
	done
	say 'cases by build, host and group; those that failed in brackets'
	# shellcheck disable=SC2086
	python3 tools/runtests --table $builds | tee build/test-table.txt
	# shellcheck disable=SC2086
	python3 tools/runtests --sum $builds
	return "$worst"
}

# build_fuzz DIR CC OPTION...: the targets of fuzz/, built into DIR.
build_fuzz() {
	dir=$1 compiler=$2
	shift 2
	configure "$dir" "$compiler" -Dbuildtype=debugoptimized -Ddiagnostics=true -Db_lundef=false -Dfuzz=true "$@"
	# shellcheck disable=SC2046
	ninja -C "$dir" $(cd fuzz && ls -d */ | sed 's,\(.*\)/,fuzz/fuzz-\1,')
}

do_fuzz() {
	case " $* " in
	'  '|*' -h '*|*' --help '*)
		python3 fuzz/run -h ;;
	*' --afl '*)
		need $build_packages $test_packages llvm afl++
		build_fuzz build-afl afl-clang-fast -Db_sanitize=address
		python3 fuzz/run --build build-afl "$@" ;;
	*)
		need $build_packages $test_packages
		build_fuzz build-fuzz clang -Db_sanitize=address,undefined
		python3 fuzz/run "$@" ;;
	esac
}

do_coverage() {
	[ $# = 1 ] || { usage >&2; exit 2; }
	need $build_packages $test_packages llvm
	build_fuzz build-fuzz clang -Db_sanitize=address,undefined
	build_fuzz build-cov clang -Dc_link_args=-fprofile-instr-generate \
	    '-Dc_args=-fprofile-instr-generate -fcoverage-mapping'
	python3 fuzz/run --coverage build-cov "$1"
}

do_lint() {
	need $build_packages $lint_packages
	build
	mandoc -T lint -W warning man/*.[1-9]
	cppcheck --quiet --error-exitcode=1 --enable=warning,portability \
	    --suppress=nullPointer:kpi/* -Ikpi -D_KERNEL -D__NetBSD__ kern vfs drivers
}

case ${1:-help} in
run)	do_run ;;
test)	case ${2:-} in
	tsan)	do_test_tsan ;;
	all)	do_test_all ;;
	musl|i386|aarch64|s390x)	do_test_flavour "$2" ;;
	'')	do_test ;;
	*)	usage >&2; exit 2 ;;
	esac ;;
fuzz)	shift; do_fuzz "$@" ;;
coverage)	shift; do_coverage "$@" ;;
bench)	build && sh bench/run.sh "$top/build" ;;
build)	build ;;
lint)	do_lint ;;
install)
	build
	DESTDIR=${2:-} meson install -C build ;;
clean)	rm -rf build build-* ;;
help|-h|--help)	usage ;;
*)	usage >&2; exit 2 ;;
esac
