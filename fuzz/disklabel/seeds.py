# SPDX-License-Identifier: BSD-2-Clause
"""A table of each kind."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../test/dev'))
import partmake as pm                                             # noqa: E402

SUBJECTS = ['drivers/dev/disk/*.c']
MAX_LEN = 66000
TEST_RUNS = 3000
OPTIONS = ['-detect_leaks=0']
SECTOR = 512


def seed(name, sectors, pieces, options):
    disk = bytearray(sectors * SECTOR)
    for at, data in pieces:
        disk[at:at + len(data)] = data
    for more in 0, 8:                           # the other requests
        with open(f'seeds/{name}-{more}', 'wb') as f:
            f.write(bytes([options | more]) + disk)


def make_seeds():
    seed('gpt', 32, [(0, pm.gpt(32, [pm.gpt_entry(5, 9, 'one'), pm.gpt_entry(10, 20, '\xfc')], count=4))], 3)
    seed('gpt4k', 128, [(0, pm.gpt(16, [pm.gpt_entry(5, 9, 'big')], sector=4096, count=32))], 0)
    seed('mbr', 64, [(0, pm.mbr([(0xc, 1, 10), (5, 20, 40)])), (20 * SECTOR, pm.mbr([(0x83, 1, 4), (5, 10, 10)])),
                     (30 * SECTOR, pm.mbr([(0x83, 1, 4)]))], 0)
    parts = [(10, 20, 7), (5, 30, 1), (64, 0, 0), (64, 0, 0), (9, 40, 8)]
    seed('label', 64, [(SECTOR, pm.label(parts))], 4)
    seed('big', 64, [(64, pm.label(parts, True))], 0)
    seed('nested', 64, [(0, pm.mbr([(0xa9, 10, 50)])), (11 * SECTOR, pm.label(parts))], 0)
    seed('freebsd', 64, [(0, pm.mbr([(0xa5, 1, 60)])), (2 * SECTOR, pm.label(parts))], 0)
    names = b''.join(bytes([c]) * 40 for c in b'aceg')
    seed('wedges', 64, [(0, pm.mbr([(0x83, 1, 10)])), (SECTOR, pm.label(parts)), (63 * SECTOR, names)], 4)
