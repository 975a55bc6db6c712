/* SPDX-License-Identifier: BSD-2-Clause */
/* FIFOs, as far as one thread can tell. */
#include "vfs.h"

static int
ready(int fd, int events)
{
	struct rump_pollfd p = { .fd = fd, .events = (short)events };

	return rump_sys_poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

static void
ends(void)
{
	char buf[16];
	int rd, wr;

	T_ASSERT_EQ(rump_sys_mkfifo("/ends", 0644), 0);
	T_CHECK_ERR(rump_sys_open("/ends", RUMP_O_WRONLY | RUMP_O_NONBLOCK),
	    RUMP_ENXIO);
	rd = rump_sys_open("/ends", RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	T_ASSERT(rd != -1);
	/* nobody writes: the end of the file */
	T_CHECK_EQ(rump_sys_read(rd, buf, sizeof(buf)), 0);
	wr = rump_sys_open("/ends", RUMP_O_WRONLY);
	T_ASSERT(wr != -1);
	T_CHECK_ERR(rump_sys_read(rd, buf, sizeof(buf)), RUMP_EAGAIN);
	T_CHECK_EQ(ready(rd, RUMP_POLLIN), 0);
	T_CHECK_EQ(ready(wr, RUMP_POLLOUT), RUMP_POLLOUT);
	T_CHECK_EQ(rump_sys_write(wr, "hello", 5), 5);
	T_CHECK_EQ(ready(rd, RUMP_POLLIN), RUMP_POLLIN);
	T_CHECK_EQ(rump_sys_read(rd, buf, 2), 2);
	T_CHECK_EQ(rump_sys_read(rd, buf + 2, sizeof(buf) - 2), 3);
	T_CHECK(memcmp(buf, "hello", 5) == 0);
	/* what was written stays when the writer goes */
	T_CHECK_EQ(rump_sys_write(wr, "bye", 3), 3);
	T_CHECK_EQ(rump_sys_close(wr), 0);
	T_CHECK_EQ(rump_sys_read(rd, buf, sizeof(buf)), 3);
	T_CHECK_EQ(rump_sys_read(rd, buf, sizeof(buf)), 0);
	T_CHECK(ready(rd, RUMP_POLLIN) & RUMP_POLLHUP);
	/* nobody reads */
	wr = rump_sys_open("/ends", RUMP_O_WRONLY);
	T_CHECK_EQ(rump_sys_close(rd), 0);
	T_CHECK_ERR(rump_sys_write(wr, "x", 1), RUMP_EPIPE);
	T_CHECK_EQ(rump_sys_close(wr), 0);
	T_CHECK_EQ(rump_sys_unlink("/ends"), 0);
}

static void
full(void)
{
	static char data[4096], back[4096];
	long in = 0, out = 0, n;
	int fd;

	T_ASSERT_EQ(rump_sys_mkfifo("/full", 0644), 0);
	fd = rump_sys_open("/full", RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(fd != -1);
	for (n = 0; n < 4096; n++)
		data[n] = (char)(n * 7);
	while ((n = rump_sys_write(fd, data, sizeof(data))) > 0)
		in += n;
	T_CHECK_EQ(errno, RUMP_EAGAIN);
	T_CHECK(in >= 4096);
	T_CHECK_EQ(ready(fd, RUMP_POLLOUT), 0);
	/* up to 512 bytes are written at once or not at all */
	T_CHECK_EQ(rump_sys_read(fd, back, 100), 100);
	out += 100;
	T_CHECK_ERR(rump_sys_write(fd, data, 512), RUMP_EAGAIN);
	while ((n = rump_sys_read(fd, back, sizeof(back))) > 0) {
		T_CHECK_EQ((unsigned char)back[0], (unsigned char)(out * 7));
		out += n;
	}
	T_CHECK_EQ(in, out);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static void
odd(void)
{
	struct rump_stat st;
	char c;
	int fd;

	T_ASSERT_EQ(rump_sys_mkfifo("/odd", 0600), 0);
	T_CHECK_ERR(rump_sys_mkfifo("/odd", 0600), RUMP_EEXIST);
	T_CHECK_EQ(rump_sys_stat("/odd", &st), 0);
	T_CHECK_EQ(st.st_mode, RUMP_S_IFIFO | 0600);
	fd = rump_sys_open("/odd", RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(fd != -1);
	T_CHECK_ERR(rump_sys_lseek(fd, 0, RUMP_SEEK_SET), RUMP_ESPIPE);
	T_CHECK_ERR(rump_sys_pread(fd, &c, 1, 0), RUMP_ESPIPE);
	/* the name goes, what is open stays */
	T_CHECK_EQ(rump_sys_write(fd, "z", 1), 1);
	T_CHECK_EQ(rump_sys_unlink("/odd"), 0);
	T_CHECK_EQ(rump_sys_read(fd, &c, 1), 1);
	T_CHECK_EQ(c, 'z');
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = { T(ends), T(full), T(odd) };

	/* SIGPIPE is not for this process */
	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
