/*
 * Times of RFC 3339.
 */
#include "timestamp.h"

#include <string.h>

/* The number that n digits at *s make, which are passed over; -1 when there
 * are not as many, or it is beyond max. */
static int
digits(const char **s, int n, int max)
{
	int v = 0;

	while (n-- > 0) {
		if (**s < '0' || **s > '9')
			return -1;
		v = v * 10 + (*(*s)++ - '0');
	}
	return v <= max ? v : -1;
}

/* The days from 1970 to a day, -1 month or day being out of range. */
static bool
days(int year, int month, int day, long long *out)
{
	static const int before[] = {0,   31,  59,  90,  120, 151,
				     181, 212, 243, 273, 304, 334};
	static const int length[] = {31, 28, 31, 30, 31, 30,
				     31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	/* of the years before this one, as if year 0 had been a leap year */
	long long y = year - 1, leaps = y / 4 - y / 100 + y / 400;

	if (year < 1 || month < 1 || day < 1 ||
	    day > length[month - 1] + (month == 2 && leap))
		return false;
	*out = y * 365 + leaps + before[month - 1] + (month > 2 && leap) + day -
	       719163;
	return true;
}

bool
timestamp_parse(const char *s, long long *at)
{
	int year, month, day, hour, minute, second, sign = 0;
	int zone_hour = 0, zone_minute = 0;
	long long day_count;

	if ((year = digits(&s, 4, 9999)) < 0 || *s++ != '-' ||
	    (month = digits(&s, 2, 12)) < 0 || *s++ != '-' ||
	    (day = digits(&s, 2, 31)) < 0 || *s++ != 'T' ||
	    (hour = digits(&s, 2, 23)) < 0 || *s++ != ':' ||
	    (minute = digits(&s, 2, 59)) < 0 || *s++ != ':' ||
	    (second = digits(&s, 2, 59)) < 0 ||
	    !days(year, month, day, &day_count))
		return false;
	if (*s == '.') {
		s++;
		if (digits(&s, 1, 9) < 0)
			return false;
		s += strspn(s, "0123456789");
	}
	if (*s == '+' || *s == '-') {
		sign = *s++ == '+' ? 1 : -1;
		if ((zone_hour = digits(&s, 2, 23)) < 0 || *s++ != ':' ||
		    (zone_minute = digits(&s, 2, 59)) < 0)
			return false;
	} else if (*s++ != 'Z') {
		return false;
	}
	*at = ((day_count * 24 + hour - sign * zone_hour) * 60 + minute -
	       sign * zone_minute) *
		  60 +
	      second;
	return *s == '\0';
}
