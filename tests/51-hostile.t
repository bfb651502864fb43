#!/bin/sh
# ktar-unpack: what hostile archives must not do.  Each line names its rule:
#
#	R1  only *at() on held descriptors, no link followed, nothing outside
#	R2  absolute names, "..", NUL, empty: refused, not cleaned up
#	R3  nothing is written through a name that exists
#	R4  modes and times through descriptors, never through a link
#	R5  links come after files; nothing of the stream goes through them
#	R6  hard links to files of this stream only, never with data
#	R7  symbolic links stay inside; those that were there are not followed
#	R9  one meaning of every header: what could have two is refused
#	R10 everything is bounded
#	R11 no end-of-archive marker, or anything behind it: a failure
#	R12 names are escaped
#	R13 no devices, no special bits, the umask counts
#	R17 tar only
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL
have python3 || skip_all 'python3 is not installed'

mkdir tars
python3 "$KPIPE_TESTS/hostile.py" tars >cases || exit 1

# the world around the destination, and what was in it before
world() {
	chmod -R u+rwx jail 2>/dev/null
	rm -rf jail
	mkdir -p jail/outside jail/d/dir
	printf 'secret' >jail/outside/secret
	chmod 640 jail/outside/secret
	printf 'mine' >jail/d/mine
	printf 'inner' >jail/d/dir/inner
	ln -s ../outside jail/d/planted
	ln -s ../../outside jail/d/dir/planted
	ln -s ../outside/secret jail/d/plantedfile
	ln -s ../outside/made jail/d/dangling
	chmod 755 jail/d
	touch -d '2001-01-01' jail/outside/secret jail/outside
	outside >before
}

outside() {
	find jail jail/outside -maxdepth 1 ! -path jail ! -path jail/d \
		-printf '%p %y %m %n %T@ %s\n' | sort
	cat jail/outside/secret
}

# nothing of this may be, whatever the archive says
harm() {
	outside >after
	cmp before after
	[ "$(cat jail/d/mine)" = mine ] || echo 'mine has changed'
	[ "$(stat -c %h jail/d/mine)" = 1 ] || echo 'mine has a link'
	[ "$(stat -c %a jail/d)" = 755 ] || echo 'the destination has changed'
	# so that an ordinary user can look everywhere
	chmod -R u+rwX jail/d
	find jail/d \( -type b -o -type c -o -type p -o -type s \)
	find jail/d -perm /7000
	find jail/d -name '.ktar-unpack-*'
	find jail/d -name smuggled
	find jail/d -type l ! -name 'planted*' ! -name dangling |
		while read -r l; do
			case $(readlink -m "$l") in
			"$PWD"/jail/d | "$PWD"/jail/d/*) ;;
			*) echo "$l leads outside" ;;
			esac
		done
	# a line that forges another has a control character
	tr -d '\n -~' <err
}

tab=$(printf '\t')
while IFS=$tab read -r name status rule text; do
	world
	last="$name"
	rc=0
	timeout 60 ktar-unpack jail/d <"tars/$name.tar" >out 2>err || rc=$?
	if [ "$text" = - ]; then
		[ "$rc" -eq "$status" ] && [ ! -s err ]
	else
		[ "$rc" -eq "$status" ] && grep -qF -- "$text" err
	fi
	ok $? "$rule $name: exit $status and the right words"
	harm >harm.log 2>&1
	[ ! -s harm.log ]
	ok $? "$rule $name: no harm"
	sed 's/^/# /' harm.log
done <cases

# some that are good must also be right
world
run ktar-unpack jail/d <tars/size-pax-wins.tar
[ "$(stat -c %s jail/d/f)" = 2048 ] && [ ! -e jail/d/smuggled ]
ok $? 'R9 the pax size counts, an archive inside a file stays there'
world
run ktar-unpack jail/d <tars/onto-link.tar
[ -f jail/d/plantedfile ] && [ ! -L jail/d/plantedfile ]
ok $? 'R3 a link that was there is replaced'
run ktar-unpack --links none jail/d <tars/link-up-inside.tar
fails 1 'a/b/s: refused: symbolic link' 'R7 --links none'
run ktar-unpack --links all jail/d <tars/link-up.tar
good 'R7 --links all'
[ "$(readlink jail/d/s)" = .. ]
ok $? 'R7 --links all makes it'
run ktar-unpack jail/d <tars/write-through.tar
status 1 'R7 a second archive does not go through it'
[ ! -e jail/x ] && [ ! -e jail/outside/x ]
ok $? 'R7 two archives: nothing outside'

# every cut of an archive fails, and leaves no half file
mkdir src
head -c 700 /dev/urandom >src/small
head -c 40000 /dev/urandom >src/large
: >src/empty
ln -s small src/link
printf 'x' >"src/$(printf '%0150d' 0)"
tar --format=pax -b 1 -cf whole.tar src
size=$(stat -c %s whole.tar)
bad=
n=0
while [ "$n" -lt "$size" ]; do
	for more in 0 $((n * 7 % 511 + 1)); do
		[ $((n + more)) -lt "$size" ] || continue
		rm -rf cut
		mkdir cut
		head -c $((n + more)) whole.tar | ktar-unpack cut 2>err
		rc=$?
		[ "$rc" -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] ||
			bad="$bad $((n + more)):status-$rc"
		for f in cut/src/*; do
			[ -e "$f" ] || continue
			cmp -s "$f" "src/${f#cut/src/}" ||
				bad="$bad $((n + more)):$f"
		done
		[ -z "$(find cut -name '.ktar-unpack-*')" ] ||
			bad="$bad $((n + more)):left-over"
	done
	n=$((n + 512))
done
[ -z "$bad" ]
ok $? "P1 R11 cut at each of $((size / 512)) blocks and in between: $bad"
run_sh 'mkdir all; ktar-unpack all <whole.tar'
good 'and the whole of it is good'

# a full disk: by the file size limit, and on a small file system
head -c 3000000 /dev/zero >zeros
tar cf z.tar small zeros -C src 2>/dev/null || tar cf z.tar -C src small -C .. zeros
mkdir full
run_sh 'ulimit -f 1000; exec ktar-unpack full <z.tar'
stderr_is 'ktar-unpack: zeros: File too large'
status 2 'a file that grows too large'
[ "$(ls -A full)" = small ]
ok $? 'and the partial file is gone'
if [ "$(id -u)" -eq 0 ] && mkdir tmp &&
	mount -t tmpfs -o size=1m tmpfs tmp 2>/dev/null; then
	run ktar-unpack tmp <z.tar
	left=$(ls -A tmp)
	umount tmp
	stderr_is 'ktar-unpack: zeros: No space left on device'
	status 2 'a full disk'
	[ "$left" = small ]
	ok $? 'a full disk: the partial file is gone'
else
	skip 3 'a full disk' 'mounting needs root'
fi

# nobody reads what is said about it
mkfifo gone
mkdir unheard
exec 4<>gone
exec 5>gone 4>&-
# shellcheck disable=SC2034 # ok shows it
last='a failure that nobody hears'
rc=0
(
	ulimit -f 1000
	exec ktar-unpack unheard <z.tar 2>&5
) || rc=$?
exec 5>&-
status 141
[ "$(ls -A unheard)" = small ]
ok $? 'a failure that nobody hears: the partial file is gone'

# interrupted: the partial file is gone, and the signal is the status
mkfifo pipe
for sig in INT TERM; do
	# shellcheck disable=SC2034 # ok shows it
	last="kill -$sig"
	rm -rf stop
	mkdir stop
	# env undoes what the shell does to background jobs
	env --default-signal=INT ktar-unpack stop <pipe 2>err &
	pid=$!
	{
		head -c 100000 z.tar
		tries=0
		while [ -z "$(find stop -name '.ktar-unpack-*')" ] &&
			[ $tries -lt 300 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
		find stop -name '.ktar-unpack-*' >seen
		kill -$sig $pid
		# the reader must not see an end before the signal
		while kill -0 $pid 2>/dev/null && [ $tries -lt 300 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
	} >pipe
	rc=0
	wait $pid || rc=$?
	[ -s seen ] && [ "$(ls -A stop)" = small ]
	ok $? "$sig: the file was being written, and is gone"
	[ $rc -gt 128 ] && [ "$(kill -l $rc)" = $sig ]
	ok $? "$sig: ends the process"
done

# killed at any moment: no half file under its name
mkdir many
n=0
while [ $n -lt 400 ]; do
	printf '%05000d' $n >many/$n
	n=$((n + 1))
done
tar cf many.tar many
bad=
n=0
while [ $n -lt 15 ]; do
	rm -rf killed
	mkdir killed
	timeout -s KILL 0.0$((n % 5 + 1))$n ktar-unpack killed <many.tar
	for f in killed/many/*; do
		[ ! -e "$f" ] || cmp -s "$f" "many/${f##*/}" || bad="$bad $f"
	done
	n=$((n + 1))
done 2>/dev/null
[ -z "$bad" ]
ok $? "killed 15 times: no half file$bad"
finish
