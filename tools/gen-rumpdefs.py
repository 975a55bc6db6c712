#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Make <rump/rumpdefs.h> of kernel headers: the kernel's constants and structures
under names that no host header has.

    gen-rumpdefs.py TABLE KPI OUTPUT
    gen-rumpdefs.py inputs TABLE KPI     print the headers that it reads

The table's head describes its format.
"""
import fnmatch
import os
import re
import sys

# The kernel's scalar types, in types that every host has.
TYPES = {
    'u_char': 'unsigned char', 'u_short': 'unsigned short', 'u_int': 'unsigned int',
    'u_long': 'unsigned long', 'u_int8_t': 'uint8_t', 'u_int16_t': 'uint16_t',
    'u_int32_t': 'uint32_t', 'u_int64_t': 'uint64_t', 'quad_t': 'int64_t',
    'u_quad_t': 'uint64_t', 'dev_t': 'uint64_t', 'ino_t': 'uint64_t', 'off_t': 'int64_t',
    '__off_t': 'int64_t', 'mode_t': 'uint32_t', 'nlink_t': 'uint32_t', 'uid_t': 'uint32_t',
    'gid_t': 'uint32_t', 'pid_t': 'int32_t', 'id_t': 'uint32_t', 'time_t': 'int64_t',
    'suseconds_t': 'int32_t', 'useconds_t': 'uint32_t', 'blkcnt_t': 'int64_t',
    'blksize_t': 'int32_t', 'fsblkcnt_t': 'uint64_t', 'fsfilcnt_t': 'uint64_t',
    'daddr_t': 'int64_t', 'rlim_t': 'uint64_t', 'clockid_t': 'int32_t', 'timer_t': 'int32_t',
    'socklen_t': 'uint32_t', '__socklen_t': 'uint32_t', 'sa_family_t': 'uint8_t',
    '__sa_family_t': 'uint8_t', 'in_addr_t': 'uint32_t', 'in_port_t': 'uint16_t',
    'tcflag_t': 'uint32_t', 'cc_t': 'uint8_t', 'speed_t': 'uint32_t',
    '__fd_mask': 'uint32_t', '__uint32_t': 'uint32_t', 'modsrc_t': 'enum rump_modsrc',
    'modclass_t': 'enum rump_modclass', 'accmode_t': 'uint32_t',
}
TYPES |= {t: 'uint64_t' for t in ('__fsblkcnt_t', '__fsfilcnt_t')}

FIXED = {'_IO': '_RUMP_IO', '_IOC': '_RUMP_IOC', '_IOR': '_RUMP_IOR', '_IOW': '_RUMP_IOW',
         '_IOWR': '_RUMP_IOWR'}

PROLOGUE = '''/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rump kernel's constants and structures, under names of their own: RUMP_
 * before a constant, rump_ before a tag.  Made from the kernel's headers.
 */
#ifndef _RUMP_RUMPDEFS_H_
#define _RUMP_RUMPDEFS_H_

#include <stddef.h>
#include <stdint.h>
#include <rump/rumpvfs_types.h>

/* Device numbers. */
#define RUMP_MAJOR(dev)	((int32_t)(((uint32_t)(dev) >> 8) & 0xfff))
#define RUMP_MINOR(dev)	((int32_t)((((uint32_t)(dev) >> 12) & 0xfff00) | \\
			    ((uint32_t)(dev) & 0xff)))
#define RUMP_MAKEDEV(maj, min) \\
	((uint64_t)((((maj) << 8) & 0xfff00U) | \\
	    (((min) << 12) & 0xfff00000U) | ((min) & 0xffU)))
'''


def strip(text):
    text = re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)
    return re.sub(r'\\\n', ' ', text)


class Header:
    """What one header defines."""
    def __init__(self, path):
        with open(path, encoding='utf-8') as f:
            text = strip(f.read())
        self.constants, self.macros = {}, {}
        for m in re.finditer(r'^[ \t]*#[ \t]*define[ \t]+(\w+)(\(([^)]*)\))?[ \t]*(.*)$', text, re.M):
            name, has, params, body = m.groups()
            body = ' '.join(body.split())
            if has is not None:
                self.macros.setdefault(name, (params, body))
            elif body:
                self.constants.setdefault(name, body)
        text = re.sub(r'^[ \t]*#.*$', '', text, flags=re.M)
        self.text = text

    def block(self, kind, tag):
        """The body of a structure or enumeration; typedefs of unnamed ones too."""
        m = re.search(rf'\b{kind}\s+{tag}\s*\{{', self.text)
        if m:
            return self.body(m.end())
        for m in re.finditer(rf'\btypedef\s+{kind}\s*\w*\s*\{{', self.text):
            inside = self.body(m.end())
            after = self.text[m.end() + len(inside):]
            if re.match(rf'\}}\s*{tag}\s*;', after):
                return inside
        return None

    def body(self, start):
        depth, at = 1, start
        while depth:
            depth += {'{': 1, '}': -1}.get(self.text[at], 0)
            at += 1
        return self.text[start:at - 1]


def matches(name, patterns):
    if any(fnmatch.fnmatchcase(name, p[1:]) for p in patterns if p.startswith('!')):
        return False
    return any(fnmatch.fnmatchcase(name, p) for p in patterns if not p.startswith('!'))


class Maker:
    def __init__(self, table, kpi):
        self.kpi, self.names, self.tags, self.items = kpi, dict(FIXED), set(), []
        header = None
        with open(table, encoding='utf-8') as f:
            for line in f:
                word, *rest = line.split('#')[0].split() or ['']
                if word == 'header':
                    path = os.path.join(kpi, rest[0])
                    header = Header(path) if os.path.exists(path) else None
                elif word and header:
                    self.take(header, word, rest)

    def take(self, header, word, rest):
        if word in ('constants', 'macros'):
            for name, value in getattr(header, word).items():
                if matches(name, rest) and (word, name) not in {i[:2] for i in self.items}:
                    self.items.append((word, name, value))
                    self.names.setdefault(name, 'RUMP_' + name)
            return
        for tag in rest:
            body = header.block(word, tag)
            if body is not None:
                self.items.append((word, tag, body))
                self.tags.add(tag)
                if word == 'enum':
                    for name in re.findall(r'\b([A-Z]\w+)', body):
                        self.names.setdefault(name, 'RUMP_' + name)

    def rename(self, text, params=()):
        def one(m):
            w = m.group(0)
            if w in params:
                return w
            return self.names.get(w) or TYPES.get(w, w)
        text = re.sub(r'\b(struct|enum|union) (\w+)',
                      lambda m: f'{m.group(1)} rump_{m.group(2)}' if m.group(2) in self.tags
                      else m.group(0), text)
        for t in self.tags:
            if t.endswith('_t') or t == 'fd_set':
                text = re.sub(rf'(?<!struct )(?<!rump_)\b{t}\b', f'struct rump_{t}', text)
        return re.sub(r'(?<!rump_)\b[A-Za-z_]\w*\b', one, text)

    def known(self, text, params=()):
        """Does every upper-case name in the text exist for programs?"""
        words = re.findall(r'(?<![\w"\'])([A-Za-z_]\w*)', re.sub(r'"[^"]*"', '', text))
        return all(w in params or w in self.names or w in TYPES or w in self.tags or
                   not re.fullmatch(r'_*[A-Z][A-Z0-9_a-z]*', w) or w in ('U', 'L', 'UL')
                   for w in words)

    def lines(self):
        last = None
        for word, name, value in self.items:
            if word != last or word in ('struct', 'enum'):
                yield ''
            last = word
            if word == 'constants':
                if self.known(value):
                    yield f'#define {self.names[name]}\t{self.rename(value)}'
            elif word == 'macros':
                params, body = value
                p = re.findall(r'\w+', params)
                if self.known(body, p):
                    yield f'#define {self.names[name]}({params})\t{self.rename(body, p)}'
            else:
                yield f'{word} rump_{name} {{'
                for line in self.rename(value).strip('\n').split('\n'):
                    if line.strip():
                        yield line.rstrip()
                yield '};'
                if name.endswith('_t') or name == 'fd_set':
                    yield f'typedef struct rump_{name} rump_{name};'


def inputs(table, kpi):
    with open(table, encoding='utf-8') as f:
        paths = {os.path.join(kpi, line.split()[1]) for line in f if line.startswith('header ')}
    print('\n'.join(sorted(p for p in paths if os.path.exists(p))))


def main(argv):
    if len(argv) != 4:
        sys.exit(__doc__)
    if argv[1] == 'inputs':
        inputs(argv[2], argv[3])
        return
    maker = Maker(argv[1], argv[2])
    with open(argv[3], 'w', encoding='utf-8') as f:
        f.write(PROLOGUE + '\n'.join(maker.lines()) + '\n\n#endif /* _RUMP_RUMPDEFS_H_ */\n')


if __name__ == '__main__':
    main(sys.argv)
