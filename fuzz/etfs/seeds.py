# SPDX-License-Identifier: BSD-2-Clause
"""Scripts of random bytes: most of their steps make sense."""
import random

SUBJECTS = ['vfs/etfs/*.c', 'vfs/rumpfs/host.c']
MAX_LEN = 1500
TEST_RUNS = 1500


def make_seeds():
    for n in range(20):
        with open(f'seeds/{n}', 'wb') as f:
            f.write(random.Random(n).randbytes(100 << n % 4))
