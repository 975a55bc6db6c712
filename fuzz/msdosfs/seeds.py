# SPDX-License-Identifier: BSD-2-Clause
"""Volumes of mkfs.fat and mtools."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../test/fs/msdosfs'))
from fat import mkfs, mtool                                       # noqa: E402

SUBJECTS = ['drivers/fs/msdosfs/*.c']
MAX_LEN = 100000
TEST_RUNS = 1500
K = 1024
# name, which size (128 KiB << n), arguments, options, bytes that are kept
VOLUMES = [('fat12', 0, ['-F', 12, '-s', 1, '-r', 32], 2, 40 * K), ('fat12r', 0, ['-F', 12, '-f', 1], 0x82, 40 * K),
           ('fat12s', 0, ['-F', 12, '-r', 16], 1, 40 * K), ('fat16', 5, ['-F', 16, '-s', 1, '-r', 32], 2, 50 * K),
           ('fat32', 0, ['-F', 32, '-s', 1], 2, 60 * K), ('fat32c', 1, ['-F', 32, '-s', 8, '-R', 4, '-b', 2], 4, 80 * K)]


def make_seeds():
    for i in range(5):
        with open(f'A long name of number {i}', 'w') as f:
            f.write('x' * i * 700)
    for name, size, args, options, keep in VOLUMES:
        mkfs('image', 128 * K << size, *args)
        # mtools take a volume with few clusters for FAT12.
        if not name.startswith('fat32'):
            mtool('mmd', 'image', '::/dir', '::/dir/Sub Directory')
            mtool('mcopy', 'image', *[f'A long name of number {i}' for i in range(5)], '::/dir')
            mtool('mcopy', 'image', 'A long name of number 3', '::/SHORT.TXT')
        with open('image', 'rb') as f:
            data = f.read(keep)
        for more in 0, 8, 0x10, 0x20, 0x28, 0x30, 0x38:     # other calls, failing transfers, updates
            with open(f'seeds/{name}-{more:x}', 'wb') as out:
                out.write(bytes([options ^ more, size]) + data)
