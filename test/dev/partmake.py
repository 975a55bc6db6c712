# SPDX-License-Identifier: BSD-2-Clause
"""Partition tables made by hand: what no tool writes."""
import struct
import zlib

SECTOR = 512
LINUX = bytes.fromhex('af3dc60f838472478e793d69d8477de4')


def mbr(entries, magic=b'\x55\xaa', flag=0):
    """A sector of entries (type, start, size)."""
    out = bytearray(SECTOR)
    for i, (kind, start, size) in enumerate(entries):
        struct.pack_into('<BBBBBBBBII', out, 446 + 16 * i, flag, 0, 2, 0, kind, 0, 2, 0,
                         start & 0xffffffff, size & 0xffffffff)
    out[510:512] = magic
    return bytes(out)


def gpt_entry(first, last, name='', kind=LINUX, size=128):
    raw = name.encode('utf-16-le', 'surrogatepass')[:72]
    return (kind + struct.pack('<Q8x', first | 1 << 63)[:16] + struct.pack('<QQQ', first, last, 0)
            + raw.ljust(72, b'\0')).ljust(size, b'\0')


def gpt_header(self_lba, other, table, entries, entsz, crc, first=34, last=2000, size=92, sig=b'EFI PART',
               sector=SECTOR):
    def make(own):
        return struct.pack('<8sIIIIQQQQ16sQIII', sig, 0x10000, size, own, 0, self_lba, other, first,
                           last, b'G' * 16, table, entries, entsz, crc)
    head = make(0).ljust(max(92, min(size, sector)), b'\0')
    return make(zlib.crc32(head[:size])).ljust(sector, b'\0')


def gpt(sectors, entries, backup=True, sector=SECTOR, count=128, entsz=128):
    """A whole disk: protective MBR, both copies."""
    array = b''.join(entries).ljust(count * entsz, b'\0')
    crc = zlib.crc32(array)
    length = -(-len(array) // sector)
    disk = bytearray(sectors * sector)
    disk[:SECTOR] = mbr([(0xee, 1, sectors - 1)])
    disk[sector:2 * sector] = gpt_header(1, sectors - 1, 2, count, entsz, crc, 2 + length,
                                         sectors - 2 - length, sector=sector)
    disk[2 * sector:2 * sector + len(array)] = array
    if backup:
        where = sectors - 1 - length
        disk[where * sector:where * sector + len(array)] = array
        disk[-sector:] = gpt_header(sectors - 1, 1, where, count, entsz, crc, 2 + length,
                                    sectors - 2 - length, sector=sector)
    return disk


def label(partitions, big=False, count=None, broken=False, total=4096):
    """A BSD label of (size, offset, fstype)."""
    order = '>' if big else '<'
    count = len(partitions) if count is None else count
    parts = b''.join(struct.pack(order + 'IIIBBH', size, offset, 1024, kind, 8, 16)
                     for size, offset, kind in partitions)
    def head(total_sum):
        return struct.pack(order + 'IHH16s16sIIIIIIHHI', 0x82564557, 4, 0, b'test', b'pack', 512, 32, 64,
                           2, 2048, total, 0, 0, 0) + struct.pack(
            order + 'HHHHIII20s20sIHHII', 3600, 1, 0, 0, 0, 0, 0, b'', b'', 0x82564557, total_sum,
            count, 8192, 8192)
    data = head(0) + parts
    total_sum = 0
    for i in range(0, 148 + 16 * min(count, len(partitions)), 2):
        total_sum ^= struct.unpack_from(order + 'H', data, i)[0]
    return head(total_sum ^ (0x5555 if broken else 0)) + parts
