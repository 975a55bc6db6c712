# SPDX-License-Identifier: BSD-2-Clause
from scripts import make_seeds                                    # noqa: F401

SUBJECTS = ['vfs/etfs/*.c', 'vfs/rumpfs/host.c']
MAX_LEN = 1500
TEST_RUNS = 1500
