# TAP for the shell tests.  Source it first; the working directory is empty
# and the test's own, the tools are on PATH.
#
#	. "$KPIPE_TESTS/lib.sh"
#	run kconf --nonsense
#	status 2
#	stderr_is 'kconf: --nonsense: unknown option (see --help)'
#	finish
#
# Every check is one TAP line.  run keeps stdout in ./out, stderr in ./err and
# the status in $rc; each check that fails shows the command and both files.

n_checks=0
last=

# run CMD...: runs it, and says nothing yet
run() {
	last=$*
	rc=0
	"$@" >out 2>err || rc=$?
}

# run_sh SCRIPT: the same for a line of shell; a pipe, say
run_sh() {
	last=$1
	rc=0
	sh -c "$1" >out 2>err || rc=$?
}

# ok STATUS NAME: the TAP line
ok() {
	n_checks=$((n_checks + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n_checks - $2"
	else
		echo "not ok $n_checks - $2"
		{
			echo "command: $last"
			echo "status: ${rc-}"
			[ ! -f out ] || { echo stdout:; head -c 2000 out; }
			[ ! -f err ] || { echo stderr:; head -c 2000 err; }
		} | LC_ALL=C tr -c '\n\t -~' '?' | sed 's/^/# /'
	fi
}

# check NAME CMD...: ok when CMD succeeds
check() {
	check_name=$1
	shift
	if "$@" >check.log 2>&1; then
		ok 0 "$check_name"
	else
		ok 1 "$check_name"
		LC_ALL=C tr -c '\n\t -~' '?' <check.log | head -n 40 | sed 's/^/# /'
	fi
	rm -f check.log
}

# status N [NAME]: the last run ended with N
status() {
	[ "$rc" -eq "$1" ]
	ok $? "${2:-$last}: exit $1"
}

# quiet [NAME]: the last run wrote nothing to stderr
quiet() {
	[ ! -s err ]
	ok $? "${1:-$last}: stderr is empty"
}

# good [NAME]: exit 0 and a silent stderr
good() {
	[ "$rc" -eq 0 ] && [ ! -s err ]
	ok $? "${1:-$last}: exit 0, stderr empty"
}

# stdout_is TEXT, stderr_is TEXT: the whole of it, one newline added
stdout_is() {
	printf '%s\n' "$1" >want
	cmp -s want out
	ok $? "${2:-$last}: stdout is $(printf %s "$1" | head -n 1)"
}
stderr_is() {
	printf '%s\n' "$1" >want
	cmp -s want err
	ok $? "${2:-$last}: stderr is $(printf %s "$1" | head -n 1)"
}

# says TEXT [NAME]: stderr is exactly one line and holds TEXT
says() {
	[ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$1" err
	ok $? "${2:-$last}: one line that says: $1"
}

# fails STATUS TEXT [NAME]: status and says in one
fails() {
	[ "$rc" -eq "$1" ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$2" err
	ok $? "${3:-$last}: exit $1, one line that says: $2"
}

# same A B NAME: two files or two texts from files are equal
same() {
	cmp "$1" "$2" >cmp.log 2>&1
	ok $? "$3"
	sed 's/^/# /' cmp.log
	rm -f cmp.log
}

# skip N NAME REASON: N checks that cannot be made here
skip() {
	skip_left=$1
	while [ "$skip_left" -gt 0 ]; do
		n_checks=$((n_checks + 1))
		echo "ok $n_checks - $2 # SKIP $3"
		skip_left=$((skip_left - 1))
	done
}

# skip_all REASON: the whole file cannot run here
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# have CMD: whether a peer is on this machine
have() {
	command -v "$1" >/dev/null 2>&1
}

# finish: the plan; the last line of every test
finish() {
	echo "1..$n_checks"
}
