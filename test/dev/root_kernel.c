/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The root device from inside: a disk tdisk3, an interface tnet0, a wedge's look-alike
 * dk2.  tdisk3 says when it is attached that the system was booted from it.  Each
 * function returns 0, or the line where something was wrong.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/device.h>
#include <sys/disklabel.h>

#include <rump-sys/kern.h>

#define WANT(cond)	do { if (!(cond)) return __LINE__; } while (0)

int	rump_root_boot(void);
int	rump_root_choice(void);

static int
match(device_t parent, cfdata_t cf, void *aux)
{

	return 1;
}

static void
attach(device_t parent, device_t self, void *aux)
{

	/* an array of disks that has the root */
	if (device_is_a(self, "tdisk"))
		booted_device = self;
	booted_partition = 4;
}

static int
detach(device_t self, int flags)
{

	return 0;
}

/* Partition b of the disk is for swap. */
static int
size(dev_t dev)
{

	return DISKPART(dev) == 1 ? 1000 : -1;
}

static struct cfdriver tdisk_cd = { .cd_name = "tdisk", .cd_class = DV_DISK };
static struct cfdriver dk_cd = { .cd_name = "dk", .cd_class = DV_DISK };
static struct cfdriver tnet_cd = { .cd_name = "tnet", .cd_class = DV_IFNET };
static struct cfdriver *const drivers[] = { &tdisk_cd, &dk_cd, &tnet_cd, NULL };
CFATTACH_DECL_NEW(tdisk, 0, match, attach, detach, NULL);
CFATTACH_DECL_NEW(dk, 0, match, attach, detach, NULL);
CFATTACH_DECL_NEW(tnet, 0, match, attach, detach, NULL);
static struct cfattach *const disk_list[] = { &tdisk_ca, NULL };
static struct cfattach *const dk_list[] = { &dk_ca, NULL };
static struct cfattach *const net_list[] = { &tnet_ca, NULL };
static const struct cfattachinit attachments[] = {
	{ "tdisk", disk_list }, { "dk", dk_list }, { "tnet", net_list },
	{ NULL, NULL }
};
static struct cfdata lines[] = {
	{ .cf_name = "tdisk", .cf_atname = "tdisk", .cf_unit = 3 },
	{ .cf_name = "dk", .cf_atname = "dk", .cf_unit = 2 },
	{ .cf_name = "tnet", .cf_atname = "tnet" },
};
static const struct bdevsw tdisk_bdevsw = {
	.d_psize = size, .d_flag = D_DISK | D_MPSAFE,
};
static const struct cdevsw tdisk_cdevsw = { .d_flag = D_DISK | D_MPSAFE };
static const struct cdevsw dk_cdevsw = { .d_flag = D_DISK | D_MPSAFE };
static const struct bdevsw dk_bdevsw = {
	.d_psize = size, .d_flag = D_DISK | D_MPSAFE,
};
static device_t disk, wedge, net;
static devmajor_t disk_major = NODEVMAJOR, disk_cmajor = NODEVMAJOR;
static devmajor_t wedge_major = NODEVMAJOR, wedge_cmajor = NODEVMAJOR;

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{

	FLAWLESSCALL(devsw_attach("tdisk", &tdisk_bdevsw, &disk_major,
	    &tdisk_cdevsw, &disk_cmajor));
	FLAWLESSCALL(devsw_attach("dk", &dk_bdevsw, &wedge_major,
	    &dk_cdevsw, &wedge_cmajor));
	FLAWLESSCALL(config_init_component(drivers, attachments, NULL));
	disk = config_attach_pseudo(&lines[0]);
	wedge = config_attach_pseudo(&lines[1]);
	net = config_attach_pseudo(&lines[2]);
}

/* What a driver called the boot device was made the root at boot. */
int
rump_root_boot(void)
{

	WANT(disk != NULL && wedge != NULL && net != NULL);
	WANT(root_device == disk && rootvp == NULL);
	WANT(rootdev == MAKEDISKDEV(disk_major, 3, 4));
	WANT(dumpdev == MAKEDISKDEV(disk_major, 3, 1));
	WANT(dumpcdev == MAKEDISKDEV(disk_cmajor, 3, 1));
	/* it goes */
	WANT(config_detach(disk, DETACH_QUIET) == 0);
	WANT(root_device == NULL && rootdev == NODEV && booted_device == NULL);
	WANT(dumpdev == NODEV && dumpcdev == NODEV);
	cpu_rootconf();
	WANT(root_device == NULL && rootdev == NODEV && dumpdev == NODEV &&
	    dumpcdev == NODEV);
	return 0;
}

int
rump_root_choice(void)
{

	/* a wedge before a device; its number is its unit; it has no partition b */
	booted_wedge = wedge;
	rootconf();
	WANT(root_device == wedge && rootdev == makedev(wedge_major, 2));
	WANT(dumpdev == NODEV);
	dumpspec = "tdisk3b";
	rootconf();
	WANT(dumpdev == MAKEDISKDEV(disk_major, 3, 1));
	dumpspec = "tdisk3a";		/* not for swap */
	rootconf();
	WANT(dumpdev == NODEV);
	/* what is configured before all */
	rootspec = "tdisk3f";
	dumpspec = "none";
	setroot(net, 0);
	WANT(root_device == disk && dumpdev == NODEV);
	WANT(rootdev == MAKEDISKDEV(disk_major, 3, 5));
	rootspec = "tdisk3";
	setroot(NULL, 7);
	WANT(rootdev == MAKEDISKDEV(disk_major, 3, 0));
	rootspec = "tnet0";
	setroot(NULL, 0);
	WANT(root_device == net && rootdev == NODEV);
	rootspec = "tdisk4a";
	setroot(disk, 0);
	WANT(root_device == NULL && rootdev == NODEV);
	return 0;
}
