/*
 * The line of --progress: units, rounding, rate, time.
 *
 * links: lib/progress
 */
#include "tap.h"

#include <string.h>

#include "lib/progress.h"

static char line[PROGRESS_LINE_BYTES];

static void
says(struct progress *p, uint64_t sent, uint64_t received, int64_t now,
     const char *want)
{
	size_t n = progress_line(p, line, sent, received, now);

	if (strcmp(line, want) != 0)
		printf("# %s\n", line);
	ok(n == strlen(want) && strcmp(line, want) == 0, "%s", want);
}

static void
files(struct progress *p, uint64_t bytes, uint64_t n, int64_t now,
      const char *want)
{
	size_t len = progress_files_line(p, line, bytes, n, now);

	if (strcmp(line, want) != 0)
		printf("# %s\n", line);
	ok(len == strlen(want) && strcmp(line, want) == 0, "%s", want);
}

int
main(void)
{
	struct progress p;

	progress_start(&p, 5000);
	says(&p, 0, 0, 5000, "0 B sent, 0 B received, 0 B/s, 0:00:00");
	says(&p, 1023, 1024, 5500,
	     "1023 B sent, 1.0 KiB received, 4.0 KiB/s, 0:00:00");
	says(&p, 1536, 1536, 7000,
	     "1.5 KiB sent, 1.5 KiB received, 1.5 KiB/s, 0:00:02");
	/* too early for another rate */
	says(&p, 9999, 0, 7500,
	     "9.8 KiB sent, 0 B received, 1.5 KiB/s, 0:00:02");
	says(&p, 3072, 3072, 8000,
	     "3.0 KiB sent, 3.0 KiB received, 3.0 KiB/s, 0:00:03");
	says(&p, 3072, 3072, 9000,
	     "3.0 KiB sent, 3.0 KiB received, 0 B/s, 0:00:04");
	progress_start(&p, 0);
	says(&p, 1048575, 0, 0, "1.0 MiB sent, 0 B received, 0 B/s, 0:00:00");
	says(&p, 1073741824, 5ULL << 40, 3723000,
	     "1.0 GiB sent, 5.0 TiB received, 1.4 GiB/s, 1:02:03");
	progress_start(&p, 0);
	/* the longest there is */
	says(&p, UINT64_MAX, 0, 36000000000000,
	     "16.0 EiB sent, 0 B received, 488.7 MiB/s, 10000000:00:00");
	progress_start(&p, 0);
	p.expected = 10240;
	says(&p, 0, 0, 1000, "0 B sent, 0 B received, 0 B/s, 0:00:01");
	says(&p, 1024, 0, 2000,
	     "1.0 KiB sent, 0 B received, 1.0 KiB/s, 0:00:02, 0:00:18 left");
	says(&p, 9216, 1023, 4000,
	     "9.0 KiB sent, 1023 B received, 4.5 KiB/s, 0:00:04, 0:00:00 left");
	says(&p, 9216, 1024, 4000,
	     "9.0 KiB sent, 1.0 KiB received, 4.5 KiB/s, 0:00:04");
	progress_start(&p, 0);
	p.expected = UINT64_MAX;
	says(&p, 1, 0, 1000, "1 B sent, 0 B received, 1 B/s, 0:00:01");
	progress_start(&p, 0);
	p.expected = 3600000;
	says(&p, 1, 0, 1000,
	     "1 B sent, 0 B received, 1 B/s, 0:00:01, 999:59:59 left");
	progress_start(&p, 0);
	p.expected = 4096;
	files(&p, 1024, 1, 1000,
	      "1.0 KiB, 1 file, 1.0 KiB/s, 0:00:01, 0:00:03 left");
	/* what was noted between is not in the rate */
	progress_note(&p, 3072, 2000);
	files(&p, 4096, 0, 3000, "4.0 KiB, 0 files, 1.0 KiB/s, 0:00:03");
	progress_start(&p, 0);
	files(&p, UINT64_MAX, UINT64_MAX, INT64_MAX,
	      "16.0 EiB, 18446744073709551615 files, 2.0 KiB/s, "
	      "2562047788015:12:55");
	return tap_end();
}
