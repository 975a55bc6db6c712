#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The main job, shown: images made by other people's tools are read, and FAT
# ones also written, by kernel file system drivers inside an ordinary process, and
# what comes out is compared with what went in and with what the distribution's
# tools get out of them.
#
# usage: images.sh BUILD [DIR]    BUILD: a build folder; DIR: keep the images there
set -eu
export LC_ALL=C.UTF-8
rump=$1/cmd/rump/rump
if [ $# -gt 1 ]; then
	dir=$2
	mkdir -p "$dir"
else
	dir=$(mktemp -d)
	trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
fi
failed=0

say() {
	printf '\n== %s\n' "$*"
}

# What goes in: names and files that formats find hard.
make_tree() {
	t=$dir/tree
	mkdir -p "$t/a/b/c/d/e/f/g/h/i/j" "$t/empty" "$t/many"
	printf 'hello, world\n' >"$t/hello.txt"
	printf 'deep\n' >"$t/a/b/c/d/e/f/g/h/i/j/deep.txt"
	printf 'UTF-8\n' >"$t/žluťoučký kůň.txt"
	long=$(printf 'n%.0s' $(seq 1 200))
	printf 'long\n' >"$t/$long.txt"
	ln -s ../hello.txt "$t/a/link"
	part=$(printf "p%.0s" $(seq 1 60))
	ln -s "$part/$part/$part" "$t/a/long-link"
	chmod 640 "$t/hello.txt"
	: >"$t/empty-file"
	i=0
	while [ $i -lt 2000 ]; do
		printf '%d\n' $i >"$t/many/file-$i"
		i=$((i + 1))
	done
	head -c 134217728 /dev/urandom >"$t/big.bin"
}

# rr_moved is where programs put directories that are too deep for plain ISO 9660;
# a kernel shows it, as it is part of the image.
manifest() {
	(cd "$1" && { [ ! -d rr_moved ] || rmdir rr_moved; } && find . -type f -print0 | sort -z | xargs -0 sha256sum &&
	    find . -type l -printf '%p -> %l\n' | sort &&
	    find . -type d | sort)
}

seconds() {
	start=$(date +%s%N)
	"$@"
	elapsed=$((($(date +%s%N) - start) / 1000000))
}

rate() {
	bytes=$(stat -c %s "$1")
	printf '%d ms, %d MB/s' "$elapsed" $((bytes / 1000 / (elapsed + 1)))
}

# same WHAT DIR: by the manifest of the tree that went in.
same() {
	if manifest "$2" | cmp -s - "$dir/manifest"; then
		printf '   %-34s the same, byte for byte\n' "$1"
	else
		printf '   %-34s DIFFERS\n' "$1"
		return 1
	fi
}

try_image() {
	name=$1 image=$2
	manifest "$3" >"$dir/manifest"
	say "$name: $(basename "$image")"
	"$rump" fs "$image" info | sed 's/^/   /'
	"$rump" fs "$image" ls -l / | sed 's/^\(.\{100\}\).*/\1.../; s/^/   /' | head -12
	mkdir "$dir/out" "$dir/ref"
	seconds "$rump" fs "$image" get -r / "$dir/out"
	printf '   read by the kernel driver:         %s\n' "$(rate "$image")"
	seconds bsdtar -x -f "$image" -C "$dir/ref" || printf "   (bsdtar cannot read all of it)\n"
	printf '   read by bsdtar:                    %s\n' "$(rate "$image")"
	if ! same 'against what went in' "$dir/out"; then
		manifest "$dir/out" | diff "$dir/manifest" - | head -5
		failed=1
	fi
	same 'bsdtar, for comparison' "$dir/ref" || true
	chmod -R u+w "$dir/out" "$dir/ref"
	rm -rf "$dir/out" "$dir/ref"
}

say 'making a tree and images of it'
make_tree
xorriso -as mkisofs -quiet -R -J -joliet-long -V XORRISO -o "$dir/xorriso.iso" "$dir/tree" 2>/dev/null
genisoimage -quiet -R -V GENISO -o "$dir/geniso.iso" "$dir/tree" 2>/dev/null
# makefs writes continuation areas wrongly: a folder without long names
makefs -t cd9660 -o rockridge,label=MAKEFS "$dir/makefs.iso" "$dir/tree/many" 2>/dev/null
ls -l "$dir"/*.iso | awk '{ printf "   %s bytes\n", $5 }'

# What FAT cannot hold is left out: links.
make_fat_tree() {
	mkdir "$dir/fat"
	(cd "$dir/tree" && tar cf - --exclude=link --exclude=long-link .) | tar xf - -C "$dir/fat"
}

mkfat() {
	truncate -s 256M "$1"
	mkfs.vfat -n "$2" "$1" >/dev/null
}

# Written by mtools, read by the kernel driver.
try_fat_read() {
	say 'mkfs.vfat and mtools, FAT: fat-read.img'
	mkfat "$dir/fat-read.img" MTOOLS
	(cd "$dir/fat" && mcopy -s -Q -i "$dir/fat-read.img" ./* ::/)
	"$rump" fs "$dir/fat-read.img" info | sed 's/^/   /'
	seconds "$rump" fs "$dir/fat-read.img" get -r / "$dir/out"
	printf '   read by the kernel driver:         %s\n' "$(rate "$dir/big.bin")"
	same 'against what went in' "$dir/out" || failed=1
	rm -rf "$dir/out"
}

# Written by the kernel driver, judged by fsck.vfat, read by mtools.
try_fat_write() {
	say 'mkfs.vfat and the kernel driver, FAT: fat-written.img'
	mkfat "$dir/fat-written.img" RUMP
	seconds "$rump" fs "$dir/fat-written.img" put -r "$dir"/fat/* /
	printf '   written by the kernel driver:      %s\n' "$(rate "$dir/big.bin")"
	if fsck.vfat -n "$dir/fat-written.img" >"$dir/fsck"; then
		printf '   fsck.vfat                          finds nothing wrong\n'
	else
		sed 's/^/   /' "$dir/fsck"
		failed=1
	fi
	mkdir "$dir/ref"
	mcopy -s -Q -i "$dir/fat-written.img" '::/*' "$dir/ref"
	same 'mtools, against what went in' "$dir/ref" || failed=1
	rm -rf "$dir/ref"
}

try_image 'xorriso, Rock Ridge and Joliet' "$dir/xorriso.iso" "$dir/tree"
try_image 'genisoimage, Rock Ridge' "$dir/geniso.iso" "$dir/tree"
try_image 'makefs, Rock Ridge' "$dir/makefs.iso" "$dir/tree/many"
make_fat_tree
manifest "$dir/fat" >"$dir/manifest"
ln "$dir/tree/big.bin" "$dir/big.bin"
try_fat_read
try_fat_write

if [ $failed = 0 ]; then
	say 'all the same: no root, no loop device, no FUSE'
else
	say 'something differs'
fi
exit $failed
