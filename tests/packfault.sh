# shellcheck shell=sh disable=SC2034 # beside lib.sh
# Trouble while ktar-pack works.  Source it behind lib.sh.

# faulty FAULT COMMAND...: COMMAND with the library that makes trouble
faulty() {
	faulty_what=$1
	shift
	env LD_PRELOAD="$KPIPE_BUILD/tests/packfault.so" \
		PACKFAULT="$faulty_what" \
		ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS-}" "$@"
}

# meddled SCRIPT COMMAND...: COMMAND, whose stream goes into ./out, and SCRIPT when
# 64 KiB of that have come: the pipe is full, and nothing moves on meanwhile
meddled() {
	last="meddled $*"
	meddled_script=$1
	shift
	{
		"$@" 2>err
		echo $? >code
	} | {
		head -c 65536
		eval "$meddled_script"
		cat
	} >out
	rc=$(cat code)
}

# interrupted SIGNAL COMMAND...: COMMAND, whose stream goes into ./out, and the
# signal when 600 bytes of that have come
interrupted() {
	last="interrupted $*"
	interrupted_by=$1
	shift
	rm -f pipe
	mkfifo pipe
	"$@" >pipe 2>err &
	pid=$!
	exec 3<pipe
	head -c 600 <&3 >out
	kill -s "$interrupted_by" "$pid"
	cat <&3 >>out
	exec 3<&-
	rc=0
	wait "$pid" || rc=$?
}

# terminated PATH OPTION...: ktar-pack gets SIGTERM when it has packed PATH and
# waits for more of the list
terminated() {
	last="terminated $*"
	terminated_path=$1
	shift
	rm -f pipe
	mkfifo pipe
	ktar-pack "$@" -v -T pipe >out 2>err &
	pid=$!
	exec 3>pipe
	printf '%s\n' "$terminated_path" >&3
	until grep -q "$terminated_path" err; do :; done
	kill -s TERM "$pid"
	rc=0
	wait "$pid" || rc=$?
	exec 3>&-
	# what -v has said
	sed 1d err >rest
	mv rest err
}
