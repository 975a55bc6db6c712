#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Make a component's configuration tables from an ioconf file, in config(5)'s grammar.

    gen-ioconf.py [-I DIR]... INPUT.ioconf OUTPUT.h

The ioconf file says what is configured:

    ioconf NAME                     what the tables are called
    include "PATH"                  definitions, from a directory of -I or beside the file
    pseudo-root DEV*                a parent that another component has
    pseudo-device DEV [COUNT]
    DEV[UNIT|*] at PARENT[UNIT|?] [LOCATOR VALUE|?]... [flags N]

The definitions, here or in included files, say what there is:

    devclass NAME                   a kind of device: disk, ifnet, tty ...
    define NAME [{LOCATORS}] [: ATTRIBUTES]
    device NAME [{LOCATORS}] [: ATTRIBUTES]
    defpseudodev NAME [: ATTRIBUTES]     (also defpseudo)
    attach DEV at ATTRIBUTE,... [with NAME] [: ATTRIBUTES]

LOCATORS is a list of `name', `name = default', `[name = default]'.  Statements that concern
only how NetBSD is built (file, options, defflag, makeoptions ...) are passed over.

The tables: cfdriver_ioconf_NAME, cfattach_ioconf_NAME, cfdata_ioconf_NAME, for
config_init_component(9), and the struct cfdriver DEV_cd of each device.
"""
import os
import re
import sys

CLASSES = {'cpu': 'DV_CPU', 'disk': 'DV_DISK', 'ifnet': 'DV_IFNET', 'tape': 'DV_TAPE', 'tty': 'DV_TTY',
           'audiodev': 'DV_AUDIODEV', 'displaydev': 'DV_DISPLAYDEV', 'bus': 'DV_BUS', 'virtual': 'DV_VIRTUAL'}
TOKEN = re.compile(r'\s*(?:"([^"]*)"|([A-Za-z0-9_./+-]+\*?)|(.))')


class Failure(Exception):
    """What is wrong, for the user."""


def statements(path):
    """(line number, text) of each: comments gone, continued lines joined."""
    start, text = 0, ''
    with open(path, encoding='utf-8', errors='replace') as f:
        for number, line in enumerate(f, 1):
            line = re.sub(r'#.*', '', line).rstrip()
            if not line.strip():
                continue
            if line[0].isspace() and text or text.count('{') > text.count('}'):
                text += ' ' + line.strip()
                continue
            if text:
                yield start, text
            start, text = number, line
    if text:
        yield start, text


class Tokens:
    """The words of a statement."""

    def __init__(self, text):
        self.words = [(m.group(1) if m.group(1) is not None else m.group(2) or m.group(3), m.group(1) is not None)
                      for m in TOKEN.finditer(text) if m.group(0).strip()]
        self.at = 0

    def peek(self):
        return self.words[self.at][0] if self.at < len(self.words) else None

    def take(self, wanted=None):
        word = self.peek()
        if word is None or wanted is not None and word != wanted:
            raise Failure(f'{wanted or "more"} expected, not {word}')
        self.at += 1
        return word

    def maybe(self, wanted):
        if self.peek() == wanted:
            self.at += 1
            return True
        return False


class Config:
    """All definitions and lines that were read."""

    def __init__(self, dirs):
        self.dirs, self.seen = dirs, set()
        self.name = None
        self.attributes = {}        # name -> (locators or None, names of attributes)
        self.devices = {}           # name -> (names of attributes, is pseudo)
        self.classes = set(CLASSES)
        self.attachments = []       # (device, attributes, name of the attachment)
        self.lines = []             # (device, unit or '*', parent, unit or '?', locators, flags)
        self.pseudo = []
        self.roots = []             # parents that other components have

    def read(self, path):
        if os.path.realpath(path) in self.seen:
            return
        self.seen.add(os.path.realpath(path))
        for number, text in statements(path):
            try:
                self.statement(Tokens(text), os.path.dirname(path))
            except Failure as e:
                sys.exit(f'{path}:{number}: {e}')

    def find(self, name, here):
        for d in [here, *self.dirs]:
            if os.path.exists(os.path.join(d, name)):
                return os.path.join(d, name)
        raise Failure(f'{name}: not found')

    def statement(self, t, here):
        word = t.take()
        method = getattr(self, 'do_' + word.replace('-', '_'), None)
        if word == 'include':
            self.read(self.find(t.take(), here))
        elif method is not None:
            method(t)
        elif t.peek() == 'at':
            self.line(word, t)

    # ------------------------------------------------------------ definitions

    def do_ioconf(self, t):
        self.name = t.take()

    def do_devclass(self, t):
        self.classes.add(t.take())

    do_defclass = do_devclass

    def locators(self, t):
        """{...} if it is there: [(name, default or None)]."""
        if not t.maybe('{'):
            return None
        out = []
        while not t.maybe('}'):
            optional = t.maybe('[')
            name = t.take()
            count = 1
            if not optional and t.maybe('['):
                count = int(t.take(), 0)
                t.take(']')
            default = [None] * count
            if t.maybe('='):
                if t.maybe('{'):
                    default = []
                    while not t.maybe('}'):
                        default.append(t.take())
                        t.maybe(',')
                else:
                    default = [t.take()] * count
            if optional:
                t.take(']')
            out += [(name if count == 1 else f'{name}{i}', default[i]) for i in range(count)]
            t.maybe(',')
        return out

    @staticmethod
    def names(t):
        out = []
        if t.maybe(':'):
            while t.peek() is not None:
                out.append(t.take())
                t.maybe(',')
        return out

    def do_define(self, t):
        name = t.take()
        locators = self.locators(t)
        self.attributes[name] = (locators, self.names(t))

    def device(self, t, pseudo):
        name = t.take()
        locators = self.locators(t)
        attributes = self.names(t)
        if locators is not None:
            self.attributes[name] = (locators, [])
            attributes.insert(0, name)
        self.devices[name] = (attributes, pseudo)

    def do_device(self, t):
        self.device(t, False)

    def do_defpseudodev(self, t):
        self.device(t, True)

    do_defpseudo = do_defpseudodev

    def do_attach(self, t):
        device = t.take()
        t.take('at')
        parents = [t.take()]
        while t.maybe(','):
            parents.append(t.take())
        name = t.take() if t.maybe('with') else device
        self.attachments.append((device, parents, name))

    # ----------------------------------------------------------------- lines

    def do_pseudo_root(self, t):
        self.roots.append(t.take().rstrip('*'))

    def do_pseudo_device(self, t):
        self.pseudo.append(t.take())

    def line(self, instance, t):
        m = re.fullmatch(r'(.*?[A-Za-z_])(\d+|\*)', instance)
        if not m:
            raise Failure(f'{instance}: no unit, no star')
        t.take('at')
        parent = t.take()
        n = re.fullmatch(r'(.*?[A-Za-z_])(\d*)', parent)
        if not n:
            raise Failure(f'{parent}: no parent')
        unit = '?' if t.maybe('?') else n.group(2) or '?'
        locators, flags = {}, '0'
        while t.peek() is not None:
            key = t.take()
            value = t.take()
            if key == 'flags':
                flags = value
            else:
                locators[key] = None if value == '?' else value
        self.lines.append((m.group(1), m.group(2), n.group(1), unit, locators, flags))

    # ------------------------------------------------------------ conclusions

    def interfaces(self, device):
        """The interface attributes that a device carries, its own and inherited."""
        out, todo = [], list(self.devices[device][0])
        while todo:
            a = todo.pop(0)
            if a in out or a not in self.attributes:
                continue
            if self.attributes[a][0] is not None:
                out.append(a)
            todo += self.attributes[a][1]
        return out

    def class_of(self, device):
        todo, seen = list(self.devices[device][0]), set()
        while todo:
            a = todo.pop(0)
            if a in CLASSES and a in self.classes:
                return CLASSES[a]
            if a in self.attributes and a not in seen:
                seen.add(a)
                todo += self.attributes[a][1]
        return 'DV_DULL'

    def attachment(self, device, parent):
        """(name of the attachment, attribute) by which a device attaches at a parent."""
        if device not in self.devices:
            raise Failure(f'{device}: not defined')
        if parent in self.devices:
            offered = self.interfaces(parent)
        else:
            offered = [parent]
        for d, parents, name in self.attachments:
            for p in parents:
                if d == device and p in offered:
                    return name, p
        raise Failure(f'{device} cannot attach at {parent}')


def integer(text):
    """A locator's value; -1 where it is a name."""
    try:
        return str(int(text, 0))
    except ValueError:
        return '-1'


def drivers(config):
    """Devices of this component: each that a line or a pseudo-device names."""
    out = []
    for name in [line[0] for line in config.lines] + config.pseudo:
        if name not in config.devices:
            raise Failure(f'{name}: not defined')
        if name not in out:
            out.append(name)
    return out


def interface_table(config, name):
    locators = config.attributes[name][0]
    rows = [f'\t\t{{ "{n}", {"NULL" if d is None else chr(34) + d + chr(34)}, {integer(d or "-1")} }},'
            for n, d in locators]
    return [f'static const struct cfiattrdata {name}cf_iattrdata = {{',
            f'\t.ci_name = "{name}",', f'\t.ci_loclen = {len(locators)},', '\t.ci_locdesc = {',
            *(rows or ['\t\t{ NULL, NULL, 0 }']), '\t}', '};']


def driver_tables(config):
    out, names = [], drivers(config)
    for a in sorted({a for d in names for a in config.interfaces(d)}):
        out += interface_table(config, a)
    for d in names:
        attributes = config.interfaces(d)
        if attributes:
            out.append(f'static const struct cfiattrdata *const {d}_attrs[] = {{ '
                       + ', '.join(f'&{a}cf_iattrdata' for a in attributes) + ', NULL };')
        out.append(f'CFDRIVER_DECL({d}, {config.class_of(d)}, {d + "_attrs" if attributes else "NULL"});')
    out += ['', f'static struct cfdriver *const cfdriver_ioconf_{config.name}[] = {{',
            *(f'\t&{d}_cd,' for d in names), '\tNULL', '};']
    return out


def attach_tables(config):
    used = {}
    for device, _, parent, _, _, _ in config.lines:
        name = config.attachment(device, parent)[0]
        if name not in used.setdefault(device, []):
            used[device].append(name)
    out = [f'extern struct cfattach {n}_ca;' for names in used.values() for n in names]
    for d, names in used.items():
        out.append(f'static struct cfattach *const {d}_cfattachinit[] = {{ '
                   + ', '.join(f'&{n}_ca' for n in names) + ', NULL };')
    out += [f'static const struct cfattachinit cfattach_ioconf_{config.name}[] = {{',
            *(f'\t{{ "{d}", {d}_cfattachinit }},' for d in used), '\t{ NULL, NULL }', '};']
    return out


def values(config, attribute, given):
    out = []
    for name, default in config.attributes[attribute][0]:
        value = given.pop(name, None)
        if value is None:
            value = default
        if value is None:
            raise Failure(f'{attribute}: {name} has no value')
        out.append(integer(value))
    if given:
        raise Failure(f'{attribute}: no locator {", ".join(given)}')
    return out


def data_tables(config):
    locs, parents, rows = [], [], []
    for device, unit, parent, punit, given, flags in config.lines:
        name, attribute = config.attachment(device, parent)
        where, pspec = 'NULL', 'NULL'
        if parent != 'root':
            v = values(config, attribute, dict(given))
            if v:
                where = f'loc_ioconf_{config.name} + {len(locs)}'
                locs += v
            at = f'"{parent}"' if parent in config.devices or parent in config.roots else 'NULL'
            spec = (f'"{attribute}"', at, 'DVUNIT_ANY' if punit == '?' else punit)
            if spec not in parents:
                parents.append(spec)
            pspec = f'&pspec_ioconf_{config.name}[{parents.index(spec)}]'
        star = unit == '*'
        rows.append(f'\t{{ "{device}", "{name}", {0 if star else unit}, '
                    f'{"FSTATE_STAR" if star else "FSTATE_NOTFOUND"}, {where}, {flags},\n\t    {pspec} }},')
    out = []
    if locs:
        out += [f'static int loc_ioconf_{config.name}[] = {{ ' + ', '.join(locs) + ' };']
    if parents:
        out += [f'static const struct cfparent pspec_ioconf_{config.name}[] = {{',
                *(f'\t{{ {a}, {p}, {u} }},' for a, p, u in parents), '};']
    return out + [f'static struct cfdata cfdata_ioconf_{config.name}[] = {{', *rows,
                  '\t{ NULL, NULL, 0, FSTATE_NOTFOUND, NULL, 0, NULL }', '};']


def main(argv):
    dirs, files = [], []
    it = iter(argv[1:])
    for a in it:
        if a == '-I':
            dirs.append(next(it))
        else:
            files.append(a)
    if len(files) != 2:
        sys.exit(__doc__)
    config = Config(dirs)
    config.read(files[0])
    try:
        if config.name is None:
            raise Failure('no ioconf statement')
        for root in config.roots:
            config.devices.setdefault(root, ([root], False))
            config.attributes.setdefault(root, ([], []))
        out = ['/* SPDX-License-Identifier: BSD-2-Clause */',
               f'/* Configuration tables of {config.name}: made by gen-ioconf.py. */',
               '#include <sys/types.h>', '#include <sys/device.h>', '',
               *driver_tables(config), '', *attach_tables(config), '', *data_tables(config)]
    except Failure as e:
        sys.exit(f'{files[0]}: {e}')
    with open(files[1], 'w', encoding='utf-8') as f:
        f.write('\n'.join(out) + '\n')


if __name__ == '__main__':
    main(sys.argv)
