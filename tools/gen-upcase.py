#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Make the table by which file systems match names without case: 16-bit units and their
simple upper case, as ranges; and what the bytes of short names mean.

    gen-upcase.py UPCASE_H CP850_H

Characters of Unicode 3.2, whose properties no longer change, so that the table is the same
with every Python.  No character outside ASCII is mapped to one inside.
"""
import sys
import unicodedata

known = unicodedata.ucd_3_2_0


def upper(code):
    c = chr(code)
    u = c.upper()
    if known.category(c) == 'Cn' or len(u) != 1 or known.category(u) == 'Cn':
        return code
    return ord(u) if 0x80 <= ord(u) <= 0xffff else code


def ranges():
    """(first, last, step, distance): every step-th unit is moved by distance."""
    out = []
    for code in range(0x80, 0x10000):
        distance = upper(code) - code
        if distance == 0:
            continue
        if out and out[-1][3] == distance:
            first, last, step, _ = out[-1]
            if first == last and code - last <= 2:
                out[-1] = (first, code, code - last, distance)
                continue
            if first != last and code - last == step:
                out[-1] = (first, code, step, distance)
                continue
        out.append((code, code, 1, distance))
    return out


with open(sys.argv[1], 'w') as f:
    f.write('/* SPDX-License-Identifier: BSD-2-Clause */\n'
            '/* Made by gen-upcase.py: simple upper case of 16-bit units, sorted. */\n'
            'static const struct upcase_range {\n'
            '\tuint16_t\tfirst, last, step;\n\tint16_t\t\tdistance;\n} upcase_ranges[] = {\n')
    for r in ranges():
        f.write('\t{ 0x%04x, 0x%04x, %d, (int16_t)%d },\n' % r)
    f.write('};\n')

with open(sys.argv[2], 'w') as f:
    f.write('/* SPDX-License-Identifier: BSD-2-Clause */\n'
            '/* Made by gen-upcase.py: the upper half of code page 850. */\n'
            'static const uint16_t cp850_units[128] = {\n')
    for i in range(128, 256, 8):
        f.write('\t' + ' '.join('0x%04x,' % ord(bytes([j]).decode('cp850')) for j in range(i, i + 8)) + '\n')
    f.write('};\n')
