/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fillers of device tables, each of the exact type of its slot: no... refuses
 * with ENODEV, null... does nothing and succeeds.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/systm.h>

int
noopen(dev_t dev, int flag, int devtype, struct lwp *l)
{

	return ENODEV;
}

int
noclose(dev_t dev, int flag, int devtype, struct lwp *l)
{

	return ENODEV;
}

int
noread(dev_t dev, struct uio *uio, int flag)
{

	return ENODEV;
}

int
nowrite(dev_t dev, struct uio *uio, int flag)
{

	return ENODEV;
}

int
noioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{

	return ENODEV;
}

void
nostop(struct tty *tp, int flag)
{

}

paddr_t
nommap(dev_t dev, off_t off, int prot)
{

	return (paddr_t)-1;
}

int
nodump(dev_t dev, daddr_t addr, void *data, size_t size)
{

	return ENODEV;
}

int
nodiscard(dev_t dev, off_t pos, off_t len)
{

	return ENODEV;
}

int
nullopen(dev_t dev, int flag, int devtype, struct lwp *l)
{

	return 0;
}

int
nullclose(dev_t dev, int flag, int devtype, struct lwp *l)
{

	return 0;
}

int
nullread(dev_t dev, struct uio *uio, int flag)
{

	return 0;
}

int
nullwrite(dev_t dev, struct uio *uio, int flag)
{

	return 0;
}

int
nullioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{

	return 0;
}

void
nullstop(struct tty *tp, int flag)
{

}

int
nullpoll(dev_t dev, int events, struct lwp *l)
{

	return 0;
}

paddr_t
nullmmap(dev_t dev, off_t off, int prot)
{

	return (paddr_t)-1;
}

int
nullkqfilter(dev_t dev, struct knote *kn)
{

	return EOPNOTSUPP;
}

int
nulldump(dev_t dev, daddr_t addr, void *data, size_t size)
{

	return 0;
}

int
nulldiscard(dev_t dev, off_t pos, off_t len)
{

	return 0;
}
