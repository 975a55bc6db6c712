# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the FAT driver share: images, the driver, dosfstools and mtools."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import traceback

# Undefined behaviour is a failure, where the sanitizer looks for it.
os.environ.setdefault('UBSAN_OPTIONS', 'halt_on_error=1:print_stacktrace=1')
os.environ['MTOOLS_SKIP_CHECK'] = '1'
os.environ['MTOOLS_NO_VFAT'] = '0'
os.environ['LC_ALL'] = 'C.UTF-8'
CASES = []
WRAPPER = shlex.split(os.environ.get('TEST_WRAPPER', ''))  # where the program is another CPU's
ENOENT, EIO, EEXIST, ENOTDIR, EISDIR, EINVAL, EFBIG, ENOSPC, EROFS = 2, 5, 17, 20, 21, 22, 27, 28, 30
ENAMETOOLONG, ENOTEMPTY, ESTALE, EOPNOTSUPP, EACCES, EBUSY, EPERM = 63, 66, 70, 45, 13, 16, 1


def case(f):
    CASES.append(f)
    return f


def equal(got, want, what=''):
    assert got == want, f'{what}: got {got!r}, want {want!r}'


def unescape(s):
    return re.sub(rb'\\x(..)', lambda m: bytes([int(m[1], 16)]), s.encode()).decode('utf-8', 'surrogatepass')


def escape(s):
    return ''.join(chr(c) if 0x20 < c < 0x7f and c != 0x5c else '\\x%02x' % c
                   for c in s.encode('utf-8', 'surrogatepass'))


class Errno(Exception):
    pass


class Driver:
    """The driver in a process of its own: d('mkdir', 'a') returns what it answers, or raises."""
    program = None

    def __init__(self, image=None, *options, memory=None):
        env = os.environ | ({'RUMP_MEMLIMIT': memory} if memory else {})
        self.p = subprocess.Popen([*WRAPPER, self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env=env)
        os.set_blocking(self.p.stderr.fileno(), False)
        if image:
            self('mount', os.path.abspath(image), *options)

    def ask(self, *words):
        self.p.stdin.write('\t'.join(escape(str(w)) for w in words).encode() + b'\n')
        self.p.stdin.flush()
        while True:
            line = self.p.stdout.readline()
            if not line:
                raise AssertionError(f'{words}: the kernel is gone: {self.p.wait()} '
                                     f'{(self.p.stderr.read() or b"")[-3000:].decode("utf-8", "replace")}')
            # What the kernel prints on its console is not an answer.
            if line.startswith((b'ok', b'error', b'list')):
                return line.decode()[:-1]

    def __call__(self, *words):
        line = self.ask(*words)
        if line.startswith('list'):
            *entries, last = self.split(line)
            if last != 'ok':
                raise Errno(f'{words}: {last}')
            return entries
        if not line.startswith('ok'):
            raise Errno(f'{words}: {line}')
        return line[3:]

    @staticmethod
    def split(line):
        body, _, last = line[4:].rpartition('\t')
        entries = []
        for e in body.split(' ')[1:]:
            name, kind, size = e.split('\t')
            entries.append((unescape(name), kind, int(size)))
        return entries + [last]

    def error(self, *words):
        """The number of the error; 0: none."""
        line = self.ask(*words)
        return int(line.split()[-1]) if 'error' in line else 0

    def close(self):
        self('unmount')
        self.p.stdin.close()
        status = self.p.wait()
        assert status == 0, f'status {status}'

    def kill(self):
        self.p.kill()
        self.p.wait()


def run(*args, **kw):
    return subprocess.run(args, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw).stdout


def mkfs(image, size, *args):
    if os.path.exists(image):
        os.unlink(image)
    with open(image, 'wb') as f:
        f.truncate(size)
    run('mkfs.fat', *map(str, args), image)


def fsck(image):
    """Complaints of fsck.fat; the empty string: none."""
    p = subprocess.run(['fsck.fat', '-n', image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return '' if p.returncode == 0 else p.stdout.decode('utf-8', 'replace')


def clean(image):
    equal(fsck(image), '', 'fsck.fat')


def mtool(tool, image, *args):
    return run(tool, '-i', image, *args)


def pattern(n, seed):
    """What fatcmd's "write" writes."""
    return bytes((((at * 2654435761 & 0xffffffffffffffff) >> 13) + seed) & 255 for at in range(n))


def main():
    wanted = sys.argv[1:]
    failed = number = 0
    for c in CASES:
        start = time.time()
        if wanted and c.__name__ not in wanted:
            continue
        number += 1
        with tempfile.TemporaryDirectory(prefix='fat.') as tmp:
            os.chdir(tmp)
            try:
                c()
                print(f'# {time.time() - start:.1f} s')
                print(f'ok {number} - {c.__name__}')
            except Exception as e:
                failed += 1
                for line in traceback.format_exc().splitlines():
                    print('#', line)
                if isinstance(e, subprocess.CalledProcessError):
                    print('#', (e.stdout or b'').decode('utf-8', 'replace').replace('\n', '\n# '))
                    print('#', (e.stderr or b'').decode('utf-8', 'replace').replace('\n', '\n# '))
                print(f'not ok {number} - {c.__name__}')
            os.chdir('/')
        sys.stdout.flush()
    print(f'1..{number}')
    return failed != 0
