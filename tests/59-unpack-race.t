#!/bin/sh
# ktar-unpack: R1 somebody else swaps a directory for a link to another place,
# thousands of times, while members are made in it; nothing comes there.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'python3 is not installed'
umask 022
LC_ALL=C
export LC_ALL
swaps=$KPIPE_BUILD/tests/swaps
# without CALLS COMMAND...: and Landlock would hold where the tool does not
without() {
	calls=$1
	shift
	"$KPIPE_BUILD/tests/without" "landlock_create_ruleset$calls" ENOSYS "$@"
}
at_least=${KPIPE_SWAPS:-3000}

# what an archive would like to have there: new files, other content, other
# modes and times, links in and out
mkdir -p src/d/sub/deep src/d/full
for n in 1 2 3 4 5 6 7 8 9; do
	echo new >src/d/$n
	echo new >src/d/sub/$n
	ln src/d/$n src/d/sub/hard$n
	ln -s ../secret src/d/sub/sym$n
done
echo new >src/d/secret
echo new >src/d/sub/deep/f
echo new >src/d/full/secret
mkfifo src/d/fifo
chmod 777 src/d src/d/sub
touch -d '2002-02-02' src/d/sub src/d
# not d itself: that member would replace the link
(cd src && find d -mindepth 1 | sort) >list
tar -C src --no-recursion --format=pax -cf t.tar -T list
# again, so that there is something to replace
tar -C src --no-recursion --format=pax -rf t.tar -T list

# state: all that must not change
state() {
	find outside -printf '%p %y %m %i %n %T@ %C@ %s\n' | sort
	cat outside/secret outside/full/secret
}

# race NAME COMMAND...: COMMAND unpacks t.tar into o, over and over, while
# o/d and o/link are exchanged
race() {
	name=$1
	shift
	rm -rf outside o
	mkdir -p outside/sub outside/full o/d
	echo precious >outside/secret
	echo precious >outside/full/secret
	chmod 700 outside
	touch -d '2001-01-01' outside/secret outside/full outside/sub outside
	ln -s ../outside o/link
	state >before
	"$swaps" o/d o/link >count &
	pid=$!
	: >status
	runs=0
	while [ $runs -lt 16 ]; do
		rc=0
		"$@" o <t.tar >/dev/null 2>>said || rc=$?
		echo $rc >>status
		runs=$((runs + 1))
	done
	kill -TERM $pid
	wait $pid
	last="race: $name"
	[ "$(cat count)" -ge "$at_least" ]
	ok $? "$name: swapped often enough"
	echo "# $name: $(cat count) swaps, $runs runs, statuses" \
		"$(sort status | uniq -c | tr -s ' \n' ' ')"
	state >after
	same before after "$name: nothing outside has changed"
	! grep -qv '^[012]$' status
	ok $? "$name: no run crashed or hung"
	[ -L o/link ]
	ok $? "$name: to the end"
	grep -qE 'in the way|any more|was put in|was replaced' said
	ok $? "$name: the swaps were in the way"
	rm said
}

race 'with openat2' without '' ktar-unpack
race 'without openat2' without ,openat2 ktar-unpack
race 'with openat2, all that there is' without '' ktar-unpack -p --links all \
	--special
race 'without openat2, all that there is' without ,openat2 ktar-unpack -p --links all \
	--special
race 'with -k' without '' ktar-unpack -k
race 'with Landlock, too' ktar-unpack
finish
