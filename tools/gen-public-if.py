#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Make from include/rump/*_if.tab what kernel and programs call each other by.

    gen-public-if.py TABLE public OUTPUT      prototypes of rump_pub_*, for programs
    gen-public-if.py TABLE internal OUTPUT    prototypes of rump_*, for the kernel
    gen-public-if.py TABLE wrappers OUTPUT.c  rump_pub_*: enter, call rump_*, leave
"""
import re
import sys

# On hosts whose headers have other sizes for these, the kernel's are meant.
HOST = {'off_t': 'int64_t', 'mode_t': 'uint32_t', 'dev_t': 'uint64_t', 'uid_t': 'uint32_t',
        'gid_t': 'uint32_t', 'pid_t': 'int32_t', 'u_long': 'unsigned long'}

# What a faction's prototypes need beside <rump/rump.h>.
TYPES = {'vfs': ['#include <rump/rumpvfs_types.h>']}


def read(path):
    """The faction, and (comment lines, result, name, parameters) of each function."""
    faction, functions, comment, started = None, [], [], False
    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.strip()
            if line.startswith('faction '):
                faction, started, comment = line.split()[1], True, []
            elif line.startswith('#'):
                comment += [line[1:].strip()] if started else []
            elif line:
                m = re.fullmatch(r'(.*?[ *])(\w+)\((.*)\);', line)
                if not m:
                    sys.exit(f'{path}: {line}')
                functions.append((comment, m.group(1).strip(), m.group(2), m.group(3)))
                comment = []
    return faction, functions


def host(text):
    return re.sub(r'\b\w+\b', lambda m: HOST.get(m.group(0), m.group(0)), text)


def declare(result, name, params):
    text = f'{result}{"" if result.endswith("*") else " "}{name}({params})'
    out = []
    while len(text) > 78:
        cut = text.rfind(', ', 0, 76)
        if cut < 0:
            break
        out.append(text[:cut + 1])
        text = '    ' + text[cut + 2:]
    return '\n'.join(out + [text])


def tags(functions):
    found = set()
    for _, result, _, params in functions:
        found |= set(re.findall(r'\bstruct \w+', result + ' ' + params))
    return [t + ';' for t in sorted(found)]


def prototypes(functions, prefix, change):
    out = []
    for comment, result, name, params in functions:
        if comment:
            out += ['', '/*'] + [f' * {c}' for c in comment] + [' */']
        out.append(declare(change(result), prefix + name, change(params)) + ';')
    return out


def public(faction, functions):
    name = f'_RUMP_RUMP{faction.upper()}_IF_PUB_H_'
    enum = TYPES.get(faction, [])
    return ['/* SPDX-License-Identifier: BSD-2-Clause */',
            f'/* Kernel functions for programs: {faction}. Made from {faction}_if.tab. */',
            f'#ifndef {name}', f'#define {name}', '', '#include <rump/rump.h>', *enum, '',
            '#ifdef __cplusplus', 'extern "C" {', '#endif', '', *tags(functions),
            *prototypes(functions, 'rump_pub_', host), '',
            '#ifdef __cplusplus', '}', '#endif', '', '#endif']


def internal(faction, functions):
    name = f'_RUMP_PRIVATE_{faction.upper()}_IF_H_'
    enum = TYPES.get(faction, [])
    return ['/* SPDX-License-Identifier: BSD-2-Clause */',
            f'/* What rump_pub_* call: {faction}. Made from {faction}_if.tab. */',
            f'#ifndef {name}', f'#define {name}', '', '#include <sys/types.h>',
            '#include <rump/rump.h>', *enum, '', *tags(functions),
            *prototypes(functions, 'rump_', lambda t: t), '', '#endif']


def wrappers(faction, functions):
    out = ['/* SPDX-License-Identifier: BSD-2-Clause */',
           f'/* Kernel functions for programs: {faction}. Made from {faction}_if.tab. */',
           '#include <sys/types.h>', '', '#include <rump-sys/kern.h>',
           f'#include <rump-private/{faction}_if.h>', '']
    for _, result, name, params in functions:
        inside = [] if params == 'void' else [p.strip() for p in params.split(',')]
        passed = ', '.join(re.search(r'(\w+)$', p).group(1) for p in inside)
        proto = declare(result, 'rump_pub_' + name, params)
        out += [proto + ';', proto, '{']
        if result == 'void':
            out += ['', '\trump_schedule();', f'\trump_{name}({passed});', '\trump_unschedule();']
        else:
            out += [f'\t{result}{"" if result.endswith("*") else " "}rv;', '',
                    '\trump_schedule();', f'\trv = rump_{name}({passed});',
                    '\trump_unschedule();', '\treturn rv;']
        out += ['}', '']
    return out


def main(argv):
    makers = {f.__name__: f for f in (public, internal, wrappers)}
    if len(argv) != 4 or argv[2] not in makers:
        sys.exit(__doc__)
    with open(argv[3], 'w', encoding='utf-8') as f:
        f.write('\n'.join(makers[argv[2]](*read(argv[1]))) + '\n')


if __name__ == '__main__':
    main(sys.argv)
