#!/bin/sh
# ktar-unpack beside GNU tar, bsdtar and Python's tarfile: of made-up trees,
# packed by any writer that is here, all make the same.  A sample of those of
# 57-unpack-differential.slow.t; KPIPE_SEED and KPIPE_ARCHIVES choose others.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'python3 is not installed'
case $(tar --version 2>&1) in
*GNU*) ;;
*) skip_all 'no GNU tar' ;;
esac
at=$(mktemp -d /dev/shm/kpipe-test.XXXXXX 2>/dev/null) || at=$PWD
trap '[ "$at" = "$PWD" ] || rm -rf "$at"' EXIT
trap 'exit 143' HUP INT TERM

differ() {
	run python3 -B "$KPIPE_TESTS/tardiff.py" "$@" "$at"
}
said() {
	good "$1"
	LC_ALL=C tr -c '\n\t -~' '?' <out | sed 's/^/# /'
}
seed=${KPIPE_SEED:-1}
differ "$seed" "${KPIPE_ARCHIVES:-25}"
said 'what is good comes out the same'
differ --mutate "$((seed + 500000))" "${KPIPE_ARCHIVES:-25}"
said 'what is taken of damaged archives, too'

# One that is wrong is found out: the test of this test.
mkdir shim
wrong() {
	cat >shim/ktar-unpack <<-END
		#!/bin/sh
		PATH=$PATH
		ktar-unpack "\$@"
		rc=\$?
		$2
		exit \$rc
	END
	chmod +x shim/ktar-unpack
	was=$PATH
	PATH=$PWD/shim:$PATH
	differ 1 "$3"
	PATH=$was
	[ "$rc" -eq 1 ] && grep -q ": $1: " out
	ok $? "found out: $1"
}
wrong mtime 'find . -type f -exec touch -d @1 {} +' 2
wrong mode 'find . -type f -exec chmod 640 {} +' 2
wrong missing 'find . -type l -delete' 3
wrong 'status 1' 'rc=1' 1
finish
