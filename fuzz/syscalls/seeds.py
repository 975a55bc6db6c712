# SPDX-License-Identifier: BSD-2-Clause
"""Random bytes, and scripts of the calls that few of these make: calls.c has what each byte says."""
import itertools

import scripts

SUBJECTS = ['vfs/*.c', 'vfs/calls/*.c', 'kern/files/*.c', 'drivers/fs/tmpfs/*.c', 'drivers/kern/tty/*.c', 'drivers/fs/ptyfs/*.c']
MAX_LEN = 4000
TEST_RUNS = 1500

TTY, REST = 253, 252                    # groups of one_call()
CONTROL, SLAVE = 1, 2                   # of the first pair
PAIR = [TTY, 2]
SESSION = [TTY, 6, 5, SLAVE]


def read(fd):
    return [0, 3, 200, 0, 5, fd, 0, 0]


def text(fd, *chars):
    return [TTY, 9, 1, len(chars), 5, fd, *chars]


def around(*calls):
    """Something is typed and shown before and after each call, and read on both sides."""
    some = text(CONTROL, 23, 25, 3) + text(SLAVE, 24, 3, 5, 23)
    return PAIR + SESSION + sum((some + c + some + read(SLAVE) + read(CONTROL) for c in calls), [])


def terminal_seeds():
    for fd in CONTROL, SLAVE:
        with_number = [[TTY, 7, 5, fd, 2, 1, value, n] for n in range(13) for value in (1, 0)]
        others = [[TTY, 7, 5, fd, 1, 4, 1, 1, n, 1] for n in range(25)]
        yield f'tty-numbers-{fd}', around(*with_number)
        yield f'tty-requests-{fd}', around(*others)
        yield f'tty-packets-{fd}', around([TTY, 7, 5, CONTROL, 2, 1, 1, 0], *with_number)
    for what in range(4):
        yield f'tty-modes-{what}', around(*([TTY, 3, 5, SLAVE, what, n, 0] for n in range(32)))
    yield 'tty-local', around(*([TTY, 3, 5, SLAVE, 7, n, 0] for n in range(32)))
    for n in range(0, 26, 2):           # special characters, typed raw and with all of IEXTEN
        yield f'tty-chars-{n}', PAIR + SESSION + sum((text(CONTROL, 23, 25, c, 24, 3) + read(SLAVE) + read(CONTROL)
                                                      for c in (n, n + 1, n)), [])
    yield 'ptyfs', [TTY, 5, 1, 1, 1, 0, 1, 0, 0, 1, 0] + around([TTY, 0, 9, 1, 1], [TTY, 5, 1, 1, 0, 0])
    yield 'tty-processes', PAIR + SESSION + [REST, 0, 0, 2, 0] + text(SLAVE, 24) + read(SLAVE) + [REST, 0, 0, 0]


def other_seeds():
    for name, how in itertools.product(range(9), range(4)):
        yield f'module-{name}-{how}', [REST, 2, 1, name, how, 1, 1, 1, 0, 1] + [REST, 2, 1, name, 3, 1, 0, 1]
    for call in range(12):
        yield f'acl-{call}', [1, 1, 5, 0, 0, 0, 0, REST, 3, call, 5, 0, 1, 0, 1, 1, 1, 3]
    for group, calls in (4, 10), (5, 9), (6, 13), (7, 12):
        for call in range(calls):
            yield f'rest-{group}-{call}', [REST, group, call, 5, 0, 4, 3, 4, 2, 1, 1, 1]


def make_seeds():
    scripts.make_seeds()
    for name, script in itertools.chain(terminal_seeds(), other_seeds()):
        for fat in 0, 1:
            with open(f'seeds/{name}-{fat}', 'wb') as f:
                f.write(bytes([fat, *script]))
