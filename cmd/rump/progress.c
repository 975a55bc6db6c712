/* SPDX-License-Identifier: BSD-2-Clause */
/* The progress bar; see progress.h. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "fs.h"
#include "progress.h"

#define FIRST_NS	400000000	/* until it appears */
#define NEXT_NS		100000000	/* between two drawings */
#define BAR_MOST	40

static struct {
	bool	active, shown, counted;
	int64_t	(*total_of)(void *);
	void	*arg;
	int64_t	done, total;
	int64_t	start_ns, next_ns;
} bar;

static int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

void
progress_start(int64_t (*total)(void *), void *arg)
{

	memset(&bar, 0, sizeof(bar));
	if (invocation.quiet || !isatty(STDERR_FILENO))
		return;
	bar.active = true;
	bar.total_of = total;
	bar.arg = arg;
	bar.start_ns = now_ns();
	bar.next_ns = bar.start_ns + FIRST_NS;
}

static int
columns(void)
{
	struct winsize ws;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 ? ws.ws_col : 80;
}

/* " 45%  [=====>     ]" into out: as wide as there is room for. */
static void
draw_bar(char *out, size_t len, int room)
{
	int width = room < BAR_MOST ? room : BAR_MOST, full;

	out[0] = '\0';
	if (bar.total <= 0 || width < 5 || (size_t)width + 3 > len)
		return;
	full = (int)((double)bar.done / (double)bar.total * width);
	out[0] = '[';
	for (int i = 0; i < width; i++)
		out[1 + i] = i < full ? '=' : i == full ? '>' : ' ';
	memcpy(out + 1 + width, "]", 2);
}

static void
time_left(char *out, size_t len, double rate)
{
	int64_t left;

	out[0] = '\0';
	if (bar.total <= bar.done || rate < 1)
		return;
	left = (int64_t)((double)(bar.total - bar.done) / rate) + 1;
	if (left >= 3600)
		snprintf(out, len, "%lld:%02lld:%02lld left", (long long)left / 3600,
		    (long long)left / 60 % 60, (long long)left % 60);
	else
		snprintf(out, len, "%lld:%02lld left", (long long)left / 60,
		    (long long)left % 60);
}

static void
draw(int64_t now)
{
	double seconds = (double)(now - bar.start_ns) / 1e9;
	double rate = seconds > 0 ? (double)bar.done / seconds : 0;
	char amount[32], speed[32], left[48], graph[BAR_MOST + 4], percent[16] = "", line[256];
	int n;

	/* the source may have grown, or not be known */
	if (bar.total > 0 && bar.done > bar.total)
		bar.total = bar.done;
	if (bar.total > 0)
		snprintf(percent, sizeof(percent), "%3d%%  ",
		    (int)(bar.done * 100 / bar.total));
	size_human((uint64_t)bar.done, amount, sizeof(amount));
	size_human((uint64_t)rate, speed, sizeof(speed));
	time_left(left, sizeof(left), rate);
	n = snprintf(line, sizeof(line), "%s%6s  %6s/s  %12s  ", percent, amount, speed, left);
	draw_bar(graph, sizeof(graph), columns() - n - 3);
	fprintf(stderr, "\r%s%s\033[K", line, graph);
	fflush(stderr);
	bar.shown = true;
}

void
progress_add(int64_t bytes)
{
	int64_t now;

	if (!bar.active)
		return;
	bar.done += bytes;
	if ((now = now_ns()) < bar.next_ns)
		return;
	if (!bar.counted) {
		bar.counted = true;
		bar.total = bar.total_of != NULL ? bar.total_of(bar.arg) : 0;
		now = now_ns();
	}
	draw(now);
	bar.next_ns = now + NEXT_NS;
}

void
progress_hide(void)
{

	if (!bar.shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	bar.shown = false;
}

void
progress_stop(void)
{

	progress_hide();
	bar.active = false;
}
