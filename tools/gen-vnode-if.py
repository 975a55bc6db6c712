#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Generate the vnode operations from vfs/vnode_if.tab.

  gen-vnode-if.py TABLE header OUT    <sys/vnode_if.h>, for the kernel
  gen-vnode-if.py TABLE source OUT    vnode_if.c: descriptors, VOP_*, RUMP_VOP_*
  gen-vnode-if.py TABLE public OUT    rump/rumpvnode_if.h, for programs

The table explains its own format.
"""
import re
import sys

NOTICE = ('/* SPDX-License-Identifier: BSD-2-Clause */\n'
          '/* Generated from vfs/vnode_if.tab by tools/gen-vnode-if.py. */\n')
STATES = {'locked', 'unlocked', 'any', 'nullable', 'rele', 'put', 'made', 'out'}

# Types as programs know them; the kernel's names are not theirs.
PUBLIC = {'kauth_cred_t': 'struct kauth_cred *', 'vm_prot_t': 'int',
          'voff_t': 'off_t', 'daddr_t': 'int64_t', 'daddr_t *': 'int64_t *'}


class Arg:
    def __init__(self, text):
        decl, _, state = text.partition(':')
        m = re.fullmatch(r'(.*[ *])(\w+)', decl.strip())
        self.type, self.name = m.group(1).strip(), m.group(2)
        self.state = set(state.split())
        if self.state - STATES:
            sys.exit(f'unknown state of {self.name}: {state}')

    def is_vnode(self):
        return self.type == 'struct vnode *'

    def declare(self, prefix=''):
        sep = '' if self.type.endswith('*') else ' '
        return f'{self.type}{sep}{prefix}{self.name}'


class Op:
    def __init__(self, line):
        self.name, version, self.trans = line.split()
        self.struct = f'vop_{self.name}{"" if version == "-" else "_" + version}_args'
        self.call = 'VOP_' + self.name.upper()
        self.args = []

    def vnodes(self):
        return [a for a in self.args if a.is_vnode()]

    def offset_of(self, type):
        for a in self.args:
            if a.type == type:
                return f'offsetof(struct {self.struct}, a_{a.name})'
        return 'VDESC_NO_OFFSET'

    def prototype(self, prefix='', translate=lambda t: t, names=True):
        params = []
        for a in self.args:
            t = translate(a.type)
            params.append(t + ('' if t.endswith('*') else ' ') + a.name if names else t)
        return f'{prefix}{self.call}({", ".join(params)})'


def parse(path):
    ops = []
    with open(path) as f:
        for line in f:
            line = line.rstrip()
            if not line or line.startswith('#'):
                continue
            if line[0].isspace():
                ops[-1].args.append(Arg(line))
            else:
                ops.append(Op(line))
    return ops


def wrap(text, indent='\t    ', width=79):
    """Break a declaration after commas."""
    lines, cur = [], ''
    for part in re.split(r'(?<=,) ', text):
        trial = cur + (' ' if cur else '') + part
        if len(trial.expandtabs()) > width and cur:
            lines.append(cur)
            cur = indent + part
        else:
            cur = trial
    return '\n'.join(lines + [cur])


def header(ops):
    yield NOTICE
    yield ('#ifndef _SYS_VNODE_IF_H_\n#define _SYS_VNODE_IF_H_\n\n'
           '#include <sys/types.h>\n#include <sys/acl.h>\n#include <sys/kauth.h>\n\n')
    tags = sorted({m for o in ops for a in o.args
                   for m in re.findall(r'struct (\w+)', a.type)} | {'vnodeop_desc'})
    yield ''.join(f'struct {t};\n' for t in tags)
    yield '\nextern const struct vnodeop_desc vop_default_desc;\n'
    for i, o in enumerate(ops, 1):
        yield f'\n#define {o.call}_DESCOFFSET\t{i}\n'
        yield f'struct {o.struct} {{\n\tconst struct vnodeop_desc *a_desc;\n'
        for a in o.args:
            yield f'\t{a.declare("a_")};\n'
        yield f'}};\nextern const struct vnodeop_desc vop_{o.name}_desc;\n'
        yield wrap('int\t' + o.prototype()) + ';\n'
    yield f'\n#define VNODE_OPS_COUNT\t{len(ops) + 1}\n'
    yield '\n#endif /* _SYS_VNODE_IF_H_ */\n'


def descriptor(o):
    vps = [f'offsetof(struct {o.struct}, a_{a.name})' for a in o.vnodes()]
    flags = []
    for i, a in enumerate(o.vnodes()):
        if 'put' in a.state:
            flags.append(f'VDESC_VP{i}_WILLPUT')
        elif 'rele' in a.state:
            flags.append(f'VDESC_VP{i}_WILLRELE')
    yield f'\nstatic const int {o.name}_vps[] = {{\n'
    yield ''.join(f'\t{v},\n' for v in vps) + '\tVDESC_NO_OFFSET\n};\n'
    yield f'const struct vnodeop_desc vop_{o.name}_desc = {{\n'
    yield f'\t.vdesc_offset = {o.call}_DESCOFFSET,\n'
    yield f'\t.vdesc_name = "vop_{o.name}",\n'
    yield f'\t.vdesc_flags = {" | ".join(flags) or "0"},\n'
    yield f'\t.vdesc_vp_offsets = {o.name}_vps,\n'
    yield f'\t.vdesc_vpp_offset = {o.offset_of("struct vnode **")},\n'
    yield f'\t.vdesc_cred_offset = {o.offset_of("kauth_cred_t")},\n'
    yield f'\t.vdesc_componentname_offset = {o.offset_of("struct componentname *")},\n}};\n'


def checks(o):
    """What a DIAGNOSTIC kernel demands before the call."""
    for a in o.vnodes():
        if 'locked' in a.state:
            yield f'\tvop_check_locked({a.name}, "{o.call}: {a.name}");\n'
        elif 'nullable' in a.state:
            yield f'\tif ({a.name} != NULL)\n'
            yield f'\t\tvop_check_locked({a.name}, "{o.call}: {a.name}");\n'


def call(o):
    first = o.args[0].name
    yield '\n' + wrap(o.prototype('int\n'), '    ').replace('int\n    ', 'int\n') + '\n{\n'
    yield f'\tstruct {o.struct} a = {{\n\t\t.a_desc = VDESC(vop_{o.name}),\n'
    yield ''.join(f'\t\t.a_{a.name} = {a.name},\n' for a in o.args) + '\t};\n'
    yield '\tstruct vop_call c;\n\tint error;\n\n'
    yield from checks(o)
    if o.trans == 'lock':
        yield f'\tif ((error = vop_enter_lock(&c, {first}, flags)) != 0)\n\t\treturn error;\n'
    elif o.trans == 'start':
        yield f'\tvop_enter_transaction(&c, {first});\n'
    else:
        yield f'\tvop_enter(&c, {first});\n'
    yield f'\terror = VCALL({first}, VOFFSET(vop_{o.name}), &a);\n'
    if o.trans == 'lock':
        yield '\tvop_leave_lock(&c, flags, error);\n'
    elif o.trans == 'unlock':
        yield '\tvop_leave_unlock(&c);\n'
    elif o.trans == 'start':
        yield '\tvop_leave_transaction(&c);\n'
    else:
        yield '\tvop_leave(&c);\n'
    for a in o.args:
        if 'made' in a.state:
            yield f'\tif (error == 0)\n\t\tvop_check_made(*{a.name}, "{o.call}");\n'
    yield '\treturn error;\n}\n'


def rump_call(o):
    names = ', '.join('public_lock_flags(flags)' if o.trans == 'lock' and a.name == 'flags'
                      else a.name for a in o.args)
    proto = o.prototype('RUMP_', lambda t: PUBLIC.get(t, t))
    yield '\n' + wrap('int\t' + proto) + ';\n'
    yield wrap('int\n' + proto, '    ') + '\n{\n'
    yield f'\tconst int result = (rump_schedule(), {o.call}({names}));\n\n'
    yield '\treturn rump_unschedule(), result;\n}\n'


def source(ops):
    yield NOTICE
    yield ('#include <sys/param.h>\n#include <sys/vnode.h>\n\n#include "vop.h"\n\n'
           'void\trump_schedule(void);\nvoid\trump_unschedule(void);\n\n'
           '/* An entry for this one fills all slots that have none of their own. */\n'
           'const struct vnodeop_desc vop_default_desc = {\n'
           '\t.vdesc_name = "vop_default",\n'
           '\t.vdesc_vpp_offset = VDESC_NO_OFFSET,\n'
           '\t.vdesc_cred_offset = VDESC_NO_OFFSET,\n'
           '\t.vdesc_componentname_offset = VDESC_NO_OFFSET,\n};\n')
    for o in ops:
        yield from descriptor(o)
    yield '\nconst struct vnodeop_desc * const vfs_op_descs[VNODE_OPS_COUNT + 1] = {\n'
    yield '\t&vop_default_desc,\n' + ''.join(f'\t&vop_{o.name}_desc,\n' for o in ops)
    yield '\tNULL\n};\n'
    for o in ops:
        yield from call(o)
    for o in ops:
        yield from rump_call(o)


# Scalars that no host has, or that hosts have in other sizes.
HOST = {'accmode_t': 'uint32_t', 'acl_type_t': 'int', 'bool': '_Bool', 'daddr_t': 'int64_t',
        'dev_t': 'uint64_t', 'mode_t': 'uint32_t', 'off_t': 'int64_t', 'pid_t': 'int32_t', 'register_t': 'long',
        'u_long': 'unsigned long', 'u_int': 'unsigned int'}


def host_type(text):
    return re.sub(r'\b\w+\b', lambda m: HOST.get(m.group(0), m.group(0)), PUBLIC.get(text, text))


def public(ops):
    yield NOTICE
    yield '/* Vnode operations for programs. */\n'
    yield '#ifndef _RUMP_RUMPVNODE_IF_H_\n#define _RUMP_RUMPVNODE_IF_H_\n\n'
    yield '#include <stddef.h>\n#include <stdint.h>\n\n'
    yield '#ifdef __cplusplus\n#define _Bool bool\nextern "C" {\n#endif\n\n'
    tags = sorted({m for o in ops for a in o.args
                   for m in re.findall(r'struct (\w+)', PUBLIC.get(a.type, a.type))})
    yield ''.join(f'struct {t};\n' for t in tags) + '\n'
    for o in ops:
        yield wrap('int\t' + o.prototype('RUMP_', host_type, names=False)) + ';\n'
    yield '\n#ifdef __cplusplus\n}\n#undef _Bool\n#endif\n'
    yield '\n#endif /* _RUMP_RUMPVNODE_IF_H_ */\n'


def main():
    table, kind, out = sys.argv[1:]
    text = ''.join({'header': header, 'source': source, 'public': public}[kind](parse(table)))
    with open(out, 'w') as f:
        f.write(text)


if __name__ == '__main__':
    main()
