#!/bin/sh
# The examples of kpipe(7), by number: each runs in sh -e, without pipefail,
# says nothing on stderr and does what it is for; and when one of its sessions
# breaks off in the middle, the first, the second or the third, it fails.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have mkfifo || skip_all 'no mkfifo'
cluster_start
default=$CLUSTER_ROOT/default

# The pods are pod, other, and those of the deployment web.  Their /srv and /tmp
# are folders of their own.
mkdir -p "$default/.deployments"
echo 'match app=web' >"$default/.deployments/web"
# pods N: so many of web, all pods as they are in the beginning
pods() {
	rm -rf "$default"/web-* "$default"/.web-* "$default/pod" "$default/other"
	i=0
	for pods_one in pod other $(seq -f web-%g "$1"); do
		mkdir -p "$default/$pods_one/tmp" "$default/$pods_one/srv/data" \
			"$default/$pods_one/srv/log"
		echo "line of $pods_one" >"$default/$pods_one/srv/log/app.log"
		cp big "$default/$pods_one/srv/data/big"
		echo small >"$default/$pods_one/srv/data/a small one"
		echo "path $PWD/userland" >"$default/.$pods_one"
		case $pods_one in
		web-*) echo 'labels app=web' >>"$default/.$pods_one" ;;
		esac
	done
}
seq 2000 >big
# place: a fresh one for an example
place() {
	rm -rf place sessions
	mkdir -p sessions place/dir/sub place/site place/into place/back \
		place/backup
	echo one >place/dir/one.conf
	cp big place/dir/sub/two.conf
	cp big place/dir/large
	echo '<html>' >place/site/index.html
	cp big place/site/large
	cp big place/file
	cp big place/big
	echo secret >place/key
	touch -d '2000-01-01' place/dir/one.conf
	if [ "$number" = 17 ]; then
		# the clock of the file system ticks every few milliseconds
		sleep 0.02
		touch place/stamp
		touch -r place/stamp stamp.was
		sleep 0.02
		touch place/dir/large
	fi
	pods "${n_pods:-3}"
	# what an example needs of an earlier one, there or here
	cp -a place/dir "$default/pod/tmp/dir"
	mkdir "$default/pod/srv/dir"
	cp -a place/dir/sub "$default/pod/srv/dir"
	[ "$number" != 22 ] || cp -a place/dir "$default/pod/srv"
	head -c 1000 big >"$default/pod/srv/big"
	(cd "$default/pod/srv" && tar cf ../../../../place/data.tar data)
	(cd place && tar cf site.tar site &&
		openssl enc -aes-256-ctr -pbkdf2 -pass file:key \
			-in data.tar -out data.enc)
	[ -z "$sqlite" ] || {
		cp "$sqlite" "$default/pod/srv/app.db"
		sqlite3 "$sqlite" .dump | grep -vE '^(BEGIN|COMMIT|PRAGMA)' >place/app.sql
	}
}

# A database, and what stands in for PostgreSQL's programs: the same on SQLite,
# where a restored one is a file beside.
mkdir bin userland
sqlite=
if have sqlite3; then
	sqlite=$PWD/app.db
	seq 500 | awk '
		BEGIN { print "BEGIN; create table t(n integer primary key, s text);" }
		{ print "insert into t values(" $1 ", \"it'"'"'s " $1 "\");" }
		END { print "COMMIT;" }' | sqlite3 "$sqlite"
	cat >userland/pg_dump <<'P'
#!/bin/sh
sqlite3 "srv/$1.db" .dump | grep -vE '^(BEGIN|COMMIT|PRAGMA)'
P
	cat >userland/psql <<'P'
#!/bin/sh
# psql -q -v ON_ERROR_STOP=1 NAME
[ "$*" = "-q -v ON_ERROR_STOP=1 $4" ] || exit 2
exec sqlite3 -bail "srv/$4.restored"
P
fi

# A session of which half arrives, each way: the FAULTth of an example.
real=$(dirname "$(command -v kexec)")
cat >bin/kexec <<P
#!/bin/sh
n=1
until mkdir "$PWD/sessions/\$n" 2>/dev/null; do n=\$((n + 1)); done
[ "\$n" -eq "\${FAULT:-0}" ] || exec "$real/kexec" "\$@"
exec 4<&0
some() { timeout -s KILL 2 dd bs=1 count=300 2>/dev/null; }
{ some <&4 | "$real/kexec" "\$@" 4<&- | some 4<&-; } &
# what reads or writes here sees the end at once
exec <&- >&- 4<&-
wait
exit 255
P
# beside a kcp of its own, which looks there first
cp "$real/kcp" bin/kcp
chmod +x bin/* userland/*
PATH=$PWD/bin:$PATH
export PATH
if have busybox; then
	busybox=busybox
else
	busybox=
	skip 1 'busybox sh' 'no busybox'
fi

# The examples, one file each: ex.N, all of the blocks behind N.
mkdir examples
sed -e 's/\\e/\\/g; s/\\&//g; s/\\-/-/g' "$KPIPE_TESTS/../man/kpipe.7" |
	awk '
	/^\.Sh / { in_examples = /EXAMPLES/; next }
	!in_examples { next }
	/^[0-9]+\. / { n = $1 + 0; blocks = 0 }
	/^\.Bd/ { block = 1; blocks++; next }
	/^\.Ed/ { block = 0; next }
	block {
		gsub(/\/srv/, "srv")
		gsub(/\/tmp/, "tmp")
		print >("examples/" n (blocks > 1 ? "." blocks : ""))
	}'

# A service account, as a CronJob has it.
mkdir account
cp "$CERTS/ca.crt" account/ca.crt
printf %s "$TOKEN" >account/token
printf default >account/namespace

# alike A B: the same tree, with modes and times
alike() {
	(cd "$1" && find . -printf '%P %y %m %Ts %l\n' | sort) >tree.a
	(cd "$2" && find . -printf '%P %y %m %Ts %l\n' | sort) >tree.b
	[ -s tree.a ] && sed 1d tree.a >tree.1 && sed 1d tree.b | cmp -s - tree.1 &&
		diff -r "$1" "$2" >/dev/null
}
pod=$default/pod
# What must have become of each.
after_1() { alike place/dir "$pod/tmp/dir"; }
after_2() { alike "$pod/tmp/dir" place/into/dir; }
after_3() { after_2; }
after_4() {
	alike place/dir "$pod/srv/dir" && alike place/dir place/back &&
		grep -q '^ktar-pack .* | .*kexec .*pod' out
}
after_5() { cmp place/file "$pod/tmp/f"; }
after_6() { cmp place/file "$pod/srv/f" && [ ! -e "$pod/srv/f.new" ]; }
after_7() { alike "$pod/tmp/dir" "$default/other/tmp/dir"; }
after_8() { cmp place/site/large "$pod/srv/large"; }
after_9() {
	cmp place/dir/one.conf "$pod/srv/dir/one.conf" &&
		cmp place/dir/sub/two.conf "$pod/srv/dir/sub/two.conf" &&
		[ ! -e "$pod/srv/dir/large" ]
}
after_10() { after_1; }
after_11() { after_2; }
after_12() { after_1; }
after_13() { after_1; }
after_14() { alike "$pod/srv/data" place/into; }
after_15() { grep -qx data/big out && [ ! -e place/into/data ]; }
after_16() { alike place/dir "$pod/srv/dir" && alike place/dir place/back; }
after_17() {
	cmp place/dir/large "$pod/srv/dir/large" &&
		[ ! -e "$pod/srv/dir/one.conf" ] &&
		[ -n "$(find place/stamp -newer stamp.was)" ]
}
after_18() {
	alike place/dir "$pod/srv/dir" && printf '%s\n' ./large ./one.conf |
		cmp - place/missing
}
after_19() { cmp place/big "$pod/srv/big"; }
after_20() { [ "$(readlink "$pod/srv/current")" = site-2 ] &&
	alike place/site "$pod/srv/current/"; }
after_21() { [ "$(grep -c ': OK$' place/checked)" -eq 3 ] && after_1; }
after_22() { [ "$(grep -c ': OK$' place/checked)" -eq 3 ]; }
after_23() { alike "$pod/srv/data" place/into/data; }
after_24() { cmp "$pod/srv/data/big" place/file && tar tf place/data.tar data/big &&
	[ ! -e place/data.new ]; }
after_25() { alike "$default/other/srv/data" "$pod/srv/data"; }
after_26() { openssl enc -d -aes-256-ctr -pbkdf2 -pass file:place/key \
	-in place/data.enc | tar tf - data/big && ! grep -q 1999 place/data.enc; }
after_27() { alike "$default/other/srv/data" "$pod/srv/data"; }
# dumped FILE: the whole database
dumped() { [ "$(sqlite3 "$1" 'select count(*), max(s) from t')" = "500|it's 99" ]; }
after_28() {
	{ echo 'BEGIN;' && cat place/app.sql && echo 'COMMIT;'; } | sqlite3 restored &&
		dumped restored && rm restored
}
after_29() { dumped "$pod/srv/app.restored"; }
after_30() { dumped "$default/other/srv/app.db"; }
after_31() { [ "$(grep -cx "$(uname -r)" out)" -eq 2 ] &&
	[ "$(stat -c %a place/record.json)" = 600 ]; }
# everywhere FOLDER FILE: FILE is that of each pod of web
everywhere() {
	for everywhere_pod in "$default"/web-*; do
		cmp "$everywhere_pod/srv/$1" "$2" || return
	done
}
after_32() { everywhere site/large place/site/large; }
after_33() {
	for i in 1 2 3; do
		cmp "$default/web-$i/srv/log/app.log" \
			"place/logs/default/web-$i/log/app.log" || return
	done
}
after_34() { everywhere site/large place/site/large; }
after_35() { tar tf place/backup/data-20??-??-??.tar data/big; }

# A broken one may leave nothing under its final name.
broken_6() { [ ! -e "$pod/srv/f" ]; }
broken_20() { [ "$fault" -ne 1 ] || [ ! -e "$pod/srv/current" ]; }
broken_24() { [ "$(tar tf place/data.tar | wc -l)" -eq 3 ]; }
broken_26() { after_26; }
broken_28() { [ "$(wc -l <place/app.sql)" -gt 500 ]; }
broken_29() { ! sqlite3 -readonly "$pod/srv/app.restored" 'select * from t'; }
broken_30() { ! sqlite3 -readonly "$default/other/srv/app.db" 'select * from t'; }
broken_17() { [ -z "$(find place/stamp -newer stamp.was)" ]; }
broken_35() { ! tar tf place/backup/data-20??-??-??.tar; }

# recipe SHELL...: runs ./place/recipe
recipe() {
	(
		cd place || exit
		case $example in
		35)
			unset KUBECONFIG
			KPIPE_SERVICEACCOUNT=$PWD/../account
			KUBERNETES_SERVICE_HOST=127.0.0.1
			KUBERNETES_SERVICE_PORT=$SERVER_PORT
			export KPIPE_SERVICEACCOUNT KUBERNETES_SERVICE_HOST \
				KUBERNETES_SERVICE_PORT
			;;
		esac
		exec timeout -s KILL 60 "$@" -e "../examples/$example"
	)
}

mkdir -p examples
for example in $(cd examples && printf '%s\n' * | sort -n); do
	number=${example%%.*}
	name="example $example: $(head -n 1 "examples/$example")"
	missing=
	for peer in rsync openssl sqlite3; do
		case $(cat "examples/$example") in
		*"$peer"* | *psql*) have "$peer" || missing=$peer ;;
		esac
	done
	if [ -n "$missing" ]; then
		skip 1 "$name" "no $missing"
		continue
	fi
	for shell in sh "$busybox"; do
		# a pipe is the same in each; what is more than that is not
		case $shell,$(cat "examples/$example") in
		busybox,*wait* | busybox,*test* | sh,*) ;;
		*) continue ;;
		esac
		# fifty pods at once, for once
		n_pods=3
		[ "$number-$shell" != 34-sh ] || n_pods=50
		place
		case $shell in
		sh) run recipe sh ;;
		*) run recipe busybox sh ;;
		esac
		"after_$number" >after.log 2>&1
		after=$?
		sed 's/^/# /' after.log
		[ "$rc" -eq 0 ] && [ ! -s err ] && [ $after -eq 0 ]
		ok $? "$name: works in $shell"
	done
	n=$(find sessions -mindepth 1 | wc -l)
	n_pods=3
	fault=1
	while [ "$fault" -le "$n" ] && [ "$fault" -le 3 ]; do
		place
		FAULT=$fault
		export FAULT
		run recipe sh
		unset FAULT
		left=0
		if command -v "broken_$number" >/dev/null; then
			"broken_$number" >after.log 2>&1 || left=1
		fi
		[ "$rc" -ne 0 ] && [ "$rc" -ne 137 ] && [ $left -eq 0 ]
		ok $? "$name: fails when session $fault of $n breaks off"
		fault=$((fault + 1))
	done
	[ "$n" -gt 0 ]
	ok $? "$name: has a session"
done
[ "$(find examples -type f | wc -l)" -ge 20 ]
ok $? 'there are twenty and more'
finish
