# Several streams at once.  Each has a folder beneath $scratch for what it says.

# job COMMAND ARG: runs it as one of several, in the background
job() {
	(
		mkdir "$scratch/job$2" || exit 1
		scratch=$scratch/job$2
		"$1" "$2"
	) &
	jobs_running="$jobs_running $!"
}

# jobs_ended: waits for them; 0, or 2 when a stream was lost, or else 1
jobs_ended() {
	jobs_rc=0
	for job_pid in $jobs_running; do
		job_rc=0
		wait "$job_pid" || job_rc=$?
		[ "$job_rc" -le "$jobs_rc" ] || jobs_rc=$job_rc
	done
	[ "$jobs_rc" -le 4 ] || return 1
	return "$jobs_rc"
}

# jobs_start COMMAND: $jobs of them
jobs_start() {
	jobs_running=
	jobs_i=0
	while [ "$jobs_i" -lt "$jobs" ]; do
		jobs_i=$((jobs_i + 1))
		job "$1" "$jobs_i"
	done
}

# up_part I: the I-th part of a tree from here to the pod
up_part() {
	shard=" --shard $1/$jobs"
	end=${end:+$end.$1}
	if [ -n "$end" ] && excluded "$end"; then end=; fi
	[ -z "$end" ] || mkdir "$scratch/x" "$scratch/$end" || return 1
	up_once "$up_jobs_how part old"
}

# up_jobs HOW: one try with all parts at once
up_jobs() {
	up_opened "$1" || return
	opened=1 up_jobs_how=$1
	jobs_start up_part
	jobs_ended || return
	[ "$verify" -eq 0 ] || cat "$scratch"/job*/sent >"$scratch/sent" || return 1
	taker "$1 last" ''
	piped : "$line"
	up_ended
}

# here_part I: the files of one list to this machine
here_part() {
	mv "$scratch/../part.$1" "$scratch/list" || return 1
	[ -s "$scratch/list" ] || return 0
	sender "$compressors" || return 1
	piped "$send" "$unpack"
	here_ended
}

# here_jobs: one try; files first, then what is around them.  Files with several
# names are all in one part.
here_jobs() {
	look_at src meta "$scratch/s" || return
	unexcluded "$scratch/s" || return 1
	listed=1
	here_lines
	here_begin || return 1
	rm -rf "$scratch"/job* "$scratch"/part.*
	for here_jobs_i in $(seq "$jobs"); do : >"$scratch/part.$here_jobs_i"; done
	LC_ALL=C sort -k 2,2nr "$scratch/s" | LC_ALL=C awk -v n="$jobs" -v to="$scratch/part." '
	BEGIN { rest = to "rest" }
	$1 != "f" { print >rest; next }
	{
		name = $0
		sub(/^f [^ ]* [^ ]* [^ ]* /, "f ", name)
		print name >(to ($4 !~ /^1:/ ? 1 : i++ % n + 1))
	}
	END { if (close(rest) > 0) exit 1 }' || return 1
	jobs_start here_part
	jobs_ended || return
	# the line has ended with the files
	draws='' counts=''
	here_lines
	touch "$scratch/part.rest"
	mv "$scratch/part.rest" "$scratch/list" || return 1
	here_take
}
