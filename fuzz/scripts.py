# SPDX-License-Identifier: BSD-2-Clause
"""Seeds of targets whose input is a script (script.h): random bytes, of which most make sense."""
import random


def make_seeds():
    for n in range(20):
        with open(f'seeds/{n}', 'wb') as f:
            f.write(random.Random(n).randbytes(100 << n % 5))
