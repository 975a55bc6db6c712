# SPDX-License-Identifier: BSD-2-Clause
"""Images made by other programs and by isomake."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../test/fs/cd9660'))
from isomake import *                                             # noqa: E402

SUBJECTS = ['drivers/fs/cd9660/*.c']
MAX_LEN = 200000
TEST_RUNS = 2000
SYSTEM_AREA = 16 * 2048


def seed(name, image, flags=0):
    """An input: mount flags, and the image without its system area."""
    with open(image, 'rb') as f:
        data = f.read()[SYSTEM_AREA:]
    for more in 0, 0x40, 0x80, 0xc0:            # odd calls, failing transfers
        with open(f'seeds/{name}-{more:x}', 'wb') as f:
            f.write(bytes([flags | more]) + data)


def make_tree():
    os.makedirs('tree/' + '/'.join('abcdefghij'))
    for i in range(40):
        with open(f'tree/a/file{i}', 'w') as f:
            f.write('x' * i * 100)
    os.symlink('../' * 5 + '/'.join(f'part{i}' for i in range(60)), 'tree/link')
    with open('tree/' + 'n' * 200, 'w') as f:
        f.write('long name')


def make_seeds():
    make_tree()
    for name, args in ('rock', ['-R']), ('joliet', ['-J', '-R']):
        subprocess.run(['xorriso', '-as', 'mkisofs', '-quiet', '-no-pad', *args, '-o', name, 'tree'],
                       check=True, stderr=subprocess.DEVNULL)
        seed(name, name)
        seed(name + '-plain', name, 1)
    subprocess.run(['genisoimage', '-quiet', '-no-pad', '-R', '-o', 'deep', 'tree'], check=True, stderr=subprocess.DEVNULL)
    seed('deep', 'deep')
    d = Disc(block=512)
    d.root.add(File('V.TXT;2', b'2'), File('V.TXT;1', b'1'), File('W.;1', b'w' * 5000, unit=3, gap=1),
               File('S.;1', sections=[Section(b's' * 1024), Section(b't' * 100)]),
               File('X.;1', b'x', xar=b'\0' * 250))
    d.write('small')
    seed('small', 'small', 4)
    d = Disc(root=rock_ridge_root())
    d.root.add(File('A.;1', b'a', use=px(0o100444) + nm(b'a', 1) + nm(b'b') + ce(40, 0, 28)),
               File('L.;1', use=px(0o120777) + nm(b'l') + sl((8, b''), (1, b'x'), (0, b'y'), (4, b''))))
    d.put(40, nm(b'-more') + ce(40, 0, 28))
    d.write('rr')
    seed('rr', 'rr')
