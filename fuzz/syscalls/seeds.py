# SPDX-License-Identifier: BSD-2-Clause
from scripts import make_seeds                                    # noqa: F401

SUBJECTS = ['vfs/*.c', 'vfs/calls/*.c', 'kern/files/*.c', 'drivers/fs/tmpfs/*.c']
MAX_LEN = 4000
TEST_RUNS = 1500
