# SPDX-License-Identifier: BSD-2-Clause
"""Make ISO 9660 images byte by byte, also such as no program would make.

    disc = Disc(block=2048)
    disc.root.add(File('HELLO.TXT;1', b'hello'))
    disc.write('image.iso')

Files may lie anywhere (`at`: block), come in sections, be interleaved, have
extended attribute records, flags and any system use bytes.  Images are sparse.
Numbers after ECMA-119.
"""
import struct

SECTOR = 2048


def both16(n):
    return struct.pack('<H', n) + struct.pack('>H', n)


def both32(n):
    return struct.pack('<I', n) + struct.pack('>I', n)


DATE = bytes([120, 2, 3, 4, 5, 6, 0])            # 2020-02-03 04:05:06 UTC


class Section:
    """One directory record: `data` at block `at`, or `size` bytes that are there already."""

    def __init__(self, data=b'', at=None, size=None, unit=0, gap=0, xar=b'', flags=0, use=b''):
        self.data, self.at, self.size = data, at, len(data) if size is None else size
        self.unit, self.gap, self.xar, self.flags, self.use = unit, gap, xar, flags, use


class File:
    def __init__(self, name, data=b'', sections=None, **section):
        self.name = name.encode('latin-1') if isinstance(name, str) else name
        self.sections = sections or [Section(data, **section)]


class Directory:
    def __init__(self, name=b'\0', use=b'', dot=b'', dotdot=b''):
        self.name = name.encode('latin-1') if isinstance(name, str) else name
        self.use, self.dot_use, self.dotdot_use = use, dot, dotdot
        self.entries, self.parent, self.at, self.size = [], self, None, None
        self.point = None        # for damaged images: another place than its own

    def add(self, *entries):
        for entry in entries:
            if isinstance(entry, Directory):
                entry.parent = self
            self.entries.append(entry)
        return entries[-1]


def record(name, at, size, flags=0, unit=0, gap=0, xar=0, use=b''):
    name_field = name + (b'' if len(name) % 2 else b'\0')
    length = 33 + len(name_field) + len(use)
    length += length % 2
    r = bytes([length, xar]) + both32(at) + both32(size) + DATE
    r += bytes([flags, unit, gap]) + both16(1) + bytes([len(name)]) + name_field + use
    return r.ljust(length, b'\0')


class Disc:
    def __init__(self, block=SECTOR, root=None, joliet=None, first_free=None):
        self.block = block
        self.root = root or Directory()
        self.joliet = joliet
        # Sector 30 and up is for directories and data.
        self.next = first_free or 30 * SECTOR // block
        self.pieces = {}
        self.blocks = None

    def put(self, block, data):
        self.pieces[block * self.block] = data

    def take(self, nbytes):
        at = self.next
        self.next += max(1, -(-nbytes // self.block))
        # Directories begin with a sector.
        while self.next * self.block % SECTOR:
            self.next += 1
        return at

    def place_files(self, directory):
        for entry in directory.entries:
            if isinstance(entry, Directory):
                self.place_files(entry)
                continue
            for s in entry.sections:
                xar = -(-len(s.xar) // self.block)
                if s.at is None:
                    units = 1 + (s.size // self.block // s.unit if s.unit else 0)
                    s.at = self.take(len(s.xar) + s.size + units * s.gap * self.block + self.block)
                if s.xar:
                    self.put(s.at, s.xar)
                if not s.gap:
                    if s.data:
                        self.put(s.at + xar, s.data)
                    continue
                unit = s.unit * self.block
                for i in range(0, len(s.data), unit):
                    self.put(s.at + xar + i // unit * (s.unit + s.gap), s.data[i:i + unit])

    def records(self, directory):
        here, up = directory.at, directory.parent.at
        yield record(b'\0', here, directory.size, 2, use=directory.dot_use)
        yield record(b'\1', up, directory.parent.size, 2, use=directory.dotdot_use)
        for e in directory.entries:
            if isinstance(e, Directory):
                at = e.at if e.point is None else e.point
                yield record(e.name, at, e.size, 2, use=e.use)
                continue
            for i, s in enumerate(e.sections):
                more = 0x80 if i + 1 < len(e.sections) else 0
                yield record(e.name, s.at, s.size, s.flags | more, s.unit, s.gap,
                             -(-len(s.xar) // self.block), s.use)

    def pack(self, directory):
        out = b''
        for r in self.records(directory):
            if len(out) % SECTOR + len(r) > SECTOR:
                out = out.ljust(-(-len(out) // SECTOR) * SECTOR, b'\0')
            out += r
        return out.ljust(-(-len(out) // SECTOR) * SECTOR, b'\0')

    def tree(self, directory):
        yield directory
        for e in directory.entries:
            if isinstance(e, Directory):
                yield from self.tree(e)

    def place(self, root):
        for d in self.tree(root):
            d.at = d.size = 0
        self.place_files(root)
        for d in self.tree(root):
            d.size = len(self.pack(d))
            d.at = self.take(d.size)
        for d in self.tree(root):
            self.put(d.at, self.pack(d))

    def descriptor(self, kind, root, escape=b''):
        d = bytes([kind]) + b'CD001' + b'\1\0' + b' ' * 32 + b'TEST'.ljust(32) + b'\0' * 8
        d += both32(self.blocks or self.next) + escape.ljust(32, b'\0')
        d += both16(1) + both16(1) + both16(self.block) + b'\0' * 24
        d += record(b'\0', root.at, root.size, 2)
        return d.ljust(SECTOR, b'\0')

    def write(self, path):
        """The image as a sparse file; returns its size in bytes."""
        self.place(self.root)
        if self.joliet:
            self.place(self.joliet)
        vds = [self.descriptor(1, self.root)]
        if self.joliet:
            vds.append(self.descriptor(2, self.joliet, b'%/E'))
        vds.append((b'\xffCD001\1').ljust(SECTOR, b'\0'))
        with open(path, 'wb') as f:
            for i, vd in enumerate(vds):
                f.seek((16 + i) * SECTOR)
                f.write(vd)
            for at, data in self.pieces.items():
                f.seek(at)
                f.write(data)
            end = max([self.next * self.block] + [a + len(d) for a, d in self.pieces.items()])
            end = -(-end // SECTOR) * SECTOR
            f.truncate(end)
        return end


# System use entries, for Rock Ridge.

def entry(sig, data):
    return sig + bytes([4 + len(data), 1]) + data


SP = entry(b'SP', b'\xbe\xef\0')


def er(name=b'RRIP_1991A'):
    return entry(b'ER', bytes([len(name), 0, 0, 1]) + name)


def px(mode, links=1, uid=0, gid=0):
    return entry(b'PX', both32(mode) + both32(links) + both32(uid) + both32(gid))


def pn(high, low):
    return entry(b'PN', both32(high) + both32(low))


def nm(name, flags=0):
    return entry(b'NM', bytes([flags]) + name)


def sl(*components, flags=0):
    return entry(b'SL', bytes([flags]) + b''.join(
        bytes([f, len(text)]) + text for f, text in components))


def ce(block, offset, length):
    return entry(b'CE', both32(block) + both32(offset) + both32(length))


def rock_ridge_root():
    return Directory(dot=SP + px(0o40755, 2) + er())
