/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * ELF, as much as a loaded object shows of itself: dynamic section, symbols, their number.
 *
 * Ref: System V ABI, "Dynamic Section", "Symbol Table", "Hash Table"; the GNU hash section as
 * A. Roenky describes it, "ELF: better symbol lookup via DT_GNU_HASH" (2008).
 */

#ifndef HYPERCALL_LIB_ELF_H
#define HYPERCALL_LIB_ELF_H

#include <stdint.h>

enum { DT_NULL = 0, DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6, DT_GNU_HASH = 0x6ffffef5 };
enum { SHN_UNDEF = 0 };
enum { STB_GLOBAL = 1, STB_WEAK = 2 };
enum { STT_NOTYPE = 0, STT_OBJECT = 1, STT_FUNC = 2 };

struct elf_dyn {
	intptr_t d_tag;
	uintptr_t d_val;
};

#if UINTPTR_MAX > 0xffffffff
struct elf_sym {
	uint32_t st_name;
	uint8_t st_info;
	uint8_t st_other;
	uint16_t st_shndx;
	uint64_t st_value;
	uint64_t st_size;
};
#else
struct elf_sym {
	uint32_t st_name;
	uint32_t st_value;
	uint32_t st_size;
	uint8_t st_info;
	uint8_t st_other;
	uint16_t st_shndx;
};
#endif

#define ELF_BIND(info) ((info) >> 4)
#define ELF_TYPE(info) ((info) & 15)

#endif
