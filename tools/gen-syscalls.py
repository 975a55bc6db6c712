#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Make from kern/syscalls.tab what kernel and programs need of system calls.

    gen-syscalls.py TABLE numbers OUTPUT     sys/syscall.h: SYS_ numbers
    gen-syscalls.py TABLE args OUTPUT        sys/syscallargs.h: argument structures
    gen-syscalls.py TABLE sysent OUTPUT.c    the kernel's table: names, argument sizes
    gen-syscalls.py TABLE stubs OUTPUT.c     rump_sys_*: pack, enter, call, leave
    gen-syscalls.py TABLE public OUTPUT      rump/rump_syscalls.h: prototypes

The table's head describes its format.
"""
import re
import sys

# What a program of another system calls the types of arguments.  Structures
# become those of rumpdefs.h, or stay as they are for programs that bring the
# kernel's own headers (RUMP_TAG).
SCALARS = {
    'clockid_t': 'int32_t', 'dev_t': 'uint64_t', 'gid_t': 'uint32_t',
    'id_t': 'uint32_t', 'idtype_t': 'int', 'mode_t': 'uint32_t',
    'off_t': 'int64_t', 'pid_t': 'int32_t', 'socklen_t': 'uint32_t',
    'timer_t': 'int32_t', 'u_int': 'unsigned int', 'u_long': 'unsigned long',
    'uid_t': 'uint32_t', 'sigset_t': 'RUMP_TYPE(sigset_t)',
    'fd_set': 'RUMP_TYPE(fd_set)',
}
PROMOTED = {'mode_t': 'int'}        # how va_arg sees small types
TABLE_SIZE = 512                    # rows, for numbers below
SAME = {'iovec'}                    # structures that are alike everywhere


class Argument:
    def __init__(self, text):
        text = text.strip()
        self.variable = text.startswith('...')
        text = text.removeprefix('...').strip()
        m = re.fullmatch(r'(.*?)(\w+)(\[\w*\])?', text)
        self.type, self.name = m.group(1).strip(), m.group(2)
        if m.group(3):
            self.type += ' *'
        self.pad = self.name == 'PAD'

    def declare(self, typed=None):
        t = typed or self.type
        return t + ('' if t.endswith('*') else ' ') + self.name


class Call:
    def __init__(self, line, where):
        f = line.split('\t')
        if len(f) not in (2, 5):
            sys.exit(f'{where}: {len(f)} fields')
        self.number, self.name = int(f[0]), f[1]
        self.offered = len(f) == 5
        self.public, self.result, self.noerror, self.args = None, 'int', False, []
        if self.offered:
            self.public = None if f[2] == '-' else f[2]
            self.noerror = '!' in f[3]
            self.frugal = self.noerror or '~' in f[3]
            self.result = f[3].rstrip('!~')
            inside = f[4][1:-1].strip()
            if inside != 'void':
                self.args = [Argument(a) for a in inside.split(',')]
        self.passed = [a for a in self.args if not a.pad]

    @property
    def link(self):
        """The link name of the stub."""
        if self.public == 'pipe':       # its results are not the call's
            return 'rump_sys_pipe'
        n = self.name
        if n.startswith('__') and self.public != n:
            n = n[2:]
        return 'rump___sysimpl_' + n


def read(path):
    calls = []
    with open(path, encoding='utf-8') as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip('\n')
            if line and not line.startswith('#'):
                calls.append(Call(line, f'{path}:{number}'))
    for a, b in zip(calls, calls[1:]):
        if a.number >= b.number:
            sys.exit(f'{path}: {b.number} after {a.number}')
    return calls


def head(what):
    return ['/* SPDX-License-Identifier: BSD-2-Clause */',
            f'/* {what} Made from kern/syscalls.tab. */']


def guard(name, body):
    return [f'#ifndef {name}', f'#define {name}', '', *body, '', f'#endif /* {name} */']


def numbers(calls):
    body = [f'#define SYS_{c.name}\t{c.number}' for c in calls]
    body += ['', '/* One past the largest number, and the table\'s size. */',
             f'#define SYS_MAXSYSCALL\t{calls[-1].number + 1}',
             f'#define SYS_NSYSENT\t{TABLE_SIZE}', '#define SYS_MAXSYSARGS\t8']
    return head('Numbers of system calls.') + guard('_SYS_SYSCALL_H_', body)


def args(calls):
    tags = set()
    for c in calls:
        for a in c.args:
            tags |= set(re.findall(r'\b(?:struct|union) \w+', a.type))
    body = ['#include <sys/types.h>', '#include <sys/systm.h>', '#include <sys/acl.h>', '#include <sys/fd_set.h>',
            '#include <sys/idtype.h>',
            '#include <sys/mount.h>', '#include <sys/sched.h>', '#include <sys/signal.h>',
            '#include <sys/socket.h>', '#include <sys/syscall.h>', '#include <sys/ucontext.h>',
            '']
    body += sorted(t + ';' for t in tags)
    body += ['', '/*',
             ' * Each argument has a slot of a register, or of its own size where that is',
             ' * more; in a slot that is larger the value lies where the low half of a',
             ' * register would be.  SCARG reads and writes it.',
             ' */',
             '#define __SYSCALLARG_PAD(x) \\',
             '\t(sizeof(register_t) < sizeof(x) ? 0 : sizeof(register_t) - sizeof(x))',
             '#define syscallarg(x) union { \\',
             '\tregister_t pad; \\',
             '\tstruct { x datum; } le; \\',
             '\tstruct { int8_t pad[__SYSCALLARG_PAD(x)]; x datum; } be; \\', '}']
    for c in calls:
        if not c.args:
            continue
        body += ['', f'struct sys_{c.name}_args {{']
        body += [f'\tsyscallarg({a.type}) {a.name};' for a in c.args]
        body += ['};']
    body += ['', '/* Handlers. */', 'struct lwp;']
    for c in calls:
        if c.offered:
            a = f'const struct sys_{c.name}_args *' if c.args else 'const void *'
            body.append(f'int\tsys_{c.name}(struct lwp *, {a}, register_t *);')
    return head('Arguments of system calls.') + guard('_SYS_SYSCALLARGS_H_', body)


def sysent(calls):
    """Argument counts and sizes; handlers are registered at run time."""
    out = head('The table of system calls.')
    out += ['#include <sys/param.h>', '#include <sys/systm.h>', '#include <sys/syscall.h>',
            '#include <sys/syscallargs.h>', '', '#include <rump-private/syscall.h>', '',
            '#define CALL(name, number, flags) \\',
            '\t[SYS_##name] = { (number), sizeof(struct sys_##name##_args), (flags), \\',
            '\t    syscall_nosys }', '#define CALL0(name, flags) \\',
            '\t[SYS_##name] = { 0, 0, (flags), syscall_nosys }', '#define NOBODY(number) \\',
            '\t[number] = { 0, 0, SYCALL_NOSYS, syscall_nosys }', '',
            'struct sysent rump_sysent[SYS_NSYSENT] = {']
    offered = {c.number: c for c in calls if c.offered}
    for n in range(TABLE_SIZE):
        c = offered.get(n)
        flags = 'SYSCALL_FRUGAL' if c and c.frugal else '0'
        out.append(f'\tNOBODY({n}),' if c is None else
                   f'\tCALL({c.name}, {len(c.args)}, {flags}),' if c.args else
                   f'\tCALL0({c.name}, {flags}),')
    out += ['};', '', 'const char *const syscallnames[SYS_NSYSENT] = {']
    out += [f'\t[{c.number}] = "{c.name}",' for c in calls]
    out += ['};']
    return out


def stub(c):
    fixed = [a for a in c.passed if not a.variable]
    variable = [a for a in c.passed if a.variable]
    params = [a.declare() for a in fixed] + (['...'] if variable else [])
    proto = f'{c.link}({", ".join(params) or "void"})'
    out = [f'{c.result} {proto};', f'{c.result}', proto, '{']
    if c.args:
        out.append(f'\tstruct sys_{c.name}_args packed;')
    if variable:
        a = variable[0]
        out += ['\tva_list ap;', '', f'\tva_start(ap, {fixed[-1].name});',
                f'\tSCARG(&packed, {a.name}) = va_arg(ap, {PROMOTED.get(a.type, a.type)});',
                '\tva_end(ap);']
    elif c.args:
        out.append('')
    out += [f'\tSCARG(&packed, {a.name}) = {a.name};' for a in fixed]
    out += [f'\tSCARG(&packed, {a.name}) = 0;' for a in c.args if a.pad]
    data = '&packed' if c.args else 'NULL'
    wide = 'wide' if c.result in ('off_t',) else 'word'
    if c.result == 'void':
        out.append(f'\t(void)syscall_{wide}(SYS_{c.name}, {data});')
    elif c.noerror:
        out.append(f'\treturn ({c.result})syscall_value(SYS_{c.name}, {data});')
    else:
        out.append(f'\treturn ({c.result})syscall_{wide}(SYS_{c.name}, {data});')
    return out + ['}', '']


def stubs(calls):
    out = head('System calls of programs in this process: pack, enter, call, leave.')
    out += ['#include <sys/param.h>', '#include <sys/stdarg.h>', '#include <sys/syscall.h>',
            '#include <sys/syscallargs.h>', '', '#include "files/syscall_local.h"', '']
    for c in calls:
        if c.public and c.public != 'pipe':
            out += stub(c)
    return out


def public_type(text):
    def tag(m):
        return m.group(0) if m.group(1) in SAME else f'struct RUMP_TAG({m.group(1)})'
    text = re.sub(r'\bstruct (\w+)', tag, text)
    return re.sub(r'\b\w+\b', lambda m: SCALARS.get(m.group(0), m.group(0)), text)


def wrap(line):
    out = []
    while len(line.expandtabs()) > 79:
        cut = line.rfind(', ', 0, 76)
        if cut < 0:
            break
        out.append(line[:cut + 1])
        line = '    ' + line[cut + 2:]
    return out + [line]


def public(calls):
    tags = {t for c in calls if c.public for a in c.passed
            for t in re.findall(r'\bstruct \w+', a.type)}
    body = ['#include <rump/rump_systypes.h>', '', '#ifdef __cplusplus', 'extern "C" {', '#endif', '']
    body += sorted(public_type(t) + ';' for t in tags) + ['']
    for c in calls:
        if not c.public:
            continue
        if c.public == 'pipe':
            body.append('int rump_sys_pipe(int *);')
            continue
        params = [a.declare(public_type(a.type)) for a in c.passed if not a.variable]
        if len(params) < len(c.passed):
            params.append('...')
        body += wrap(f'{public_type(c.result)} rump_sys_{c.public}({", ".join(params) or "void"})')
        body.append(f'    RUMP_LINK({c.link});')
    body += ['', '#ifdef __cplusplus', '}', '#endif']
    return head('System calls of the rump kernel, for programs.') + \
        guard('_RUMP_RUMP_SYSCALLS_H_', body)


def main(argv):
    makers = {f.__name__: f for f in (numbers, args, sysent, stubs, public)}
    if len(argv) != 4 or argv[2] not in makers:
        sys.exit(__doc__)
    with open(argv[3], 'w', encoding='utf-8') as f:
        f.write('\n'.join(makers[argv[2]](read(argv[1]))) + '\n')


if __name__ == '__main__':
    main(sys.argv)
