/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layers: file systems that show the vnodes of another one.
 *
 * For each vnode below that is in use through the layer there is one above.
 * It holds a reference to the one below for as long as it lives; and it has no
 * lock, no interlock and no pages of its own, but those of the one below.  So
 * "locked" means the same above and below, and a thread that has locked one
 * must not lock the other.  The layer's transactions are those of the mount
 * below, too (vfs_set_lowermount).
 *
 *   node.c     from vnodes below to vnodes above
 *   bypass.c   an operation above becomes the same operation below
 *   vnops.c    operations with something to do besides
 *   vfsops.c   operations of a mount
 *
 * A file system on top brings its vector and how it is mounted, and may embed
 * struct layer_node and struct layer_mount (miscfs/genfs/layer.h) as the first
 * member of its own.
 *
 * Ref: J. Heidemann, G. Popek, "File-system development with stackable layers",
 * 1994.
 */
#ifndef LAYERFS_H
#define LAYERFS_H

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/vnode.h>

#include <miscfs/genfs/layer.h>
#include <miscfs/genfs/layer_extern.h>

/*
 * The vnode above that is to replace *vpp, a referenced vnode below.
 *
 * Returns 0; or an error, with the reference dropped and *vpp NULL.
 */
int	layer_wrap(struct mount *mp, struct vnode **vpp);

#endif
