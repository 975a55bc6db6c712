/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that the host refuses, and what a program does meanwhile. */
#ifndef TEST_FAULT_H
#define TEST_FAULT_H

#include <stdbool.h>
#include <stddef.h>

enum fault { FAULT_MEMORY, FAULT_THREAD, FAULT_READ, FAULT_WRITE, FAULT_SYNC,
    FAULTS };

/* While false nothing is refused, nor counted. */
extern volatile bool fault_armed;

/* The disk that scenario_run uses: a FAT volume. */
extern char *fault_disk;
extern size_t fault_disk_size;

/*
 * Boot, mount, use and unmount tmpfs and FAT, halt.  Calls may fail, with errors
 * that befit what is refused; then all is well again, and everything must work:
 * what was said to be written is there.  Returns how many checks failed.
 */
unsigned int scenario_run(enum fault what);

#endif
