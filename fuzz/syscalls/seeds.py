# SPDX-License-Identifier: BSD-2-Clause
"""Scripts of random bytes: most of their calls make sense."""
import random

SUBJECTS = ['vfs/*.c', 'vfs/calls/*.c', 'kern/files/*.c', 'drivers/fs/tmpfs/*.c']
MAX_LEN = 4000
TEST_RUNS = 1500


def make_seeds():
    for n in range(20):
        with open(f'seeds/{n}', 'wb') as f:
            f.write(random.Random(n).randbytes(100 << n % 5))
