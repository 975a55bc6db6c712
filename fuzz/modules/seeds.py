# SPDX-License-Identifier: BSD-2-Clause
from scripts import make_seeds                                    # noqa: F401

SUBJECTS = ['kern/files/module.c']
MAX_LEN = 1500
TEST_RUNS = 1500
