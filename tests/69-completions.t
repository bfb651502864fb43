#!/bin/sh
# The completions: what they offer is what --help has, and what the tools take;
# contexts, namespaces, pods, containers and paths in pods are those there are;
# bash, zsh and fish find it where make install puts it.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start
root=$(cd "$KPIPE_TESTS/.." && pwd)
complete=$root/completions/complete
# it takes a while until that one is given up
"$complete" 1 kcp fault-stall: >stalled 2>&1 &
stalled=$!
tools='kconf kexec kpods ktar-pack ktar-unpack kcp'

# offered N WORD...: what complete says, without the descriptions, in ./out
offered() {
	run "$complete" "$@"
	cut -f 1 out >out.new
	mv out.new out
}

# Every option of --help, each way it is written, and no other.
for tool in $tools; do
	"$tool" --help | grep -E '^ +-' | sed 's/^ *//; s/   *[^ -].*//' |
		grep -oE -- '(^|[ ,/])--?[A-Za-z0-9][A-Za-z0-9-]*' |
		sed 's/^[ ,/]*//' | sort -u >in-help
	offered 1 "$tool" -
	sort out >in-completion
	comm -23 in-help in-completion | sed "s/.*/# $tool: & is in --help, and not completed/"
	comm -13 in-help in-completion | sed "s/.*/# $tool: & is completed, and not in --help/"
	[ -s in-help ] && cmp -s in-help in-completion
	ok $? "$tool: completed are the options of --help"

	# the tool itself knows each, and whether it has an argument
	wrong=0
	while read -r option; do
		case $option in --help | --version) continue ;; esac
		"$tool" "$option" >said 2>&1 </dev/null
		needs=0
		grep -q 'needs an argument' said || needs=1
		if [ "$needs" -eq 1 ]; then
			"$tool" "$option" --no-such-option >said 2>&1 </dev/null
			grep -qF -- '--no-such-option: unknown option' said || {
				echo "# $tool: $option is no option"
				wrong=1
			}
		fi
		"$complete" 2 "$tool" "$option" - | grep -q '^-' && taken=1 || taken=0
		[ "$needs" -eq "$taken" ] || {
			echo "# $tool: $option: whether it has an argument is not seen"
			wrong=1
		}
	done <in-completion
	ok $wrong "$tool: they are options, with an argument or without"
done

# An option that is new is there at once.
mkdir fake
printf '#!/bin/sh\necho "  -y, --yet-another N  new"\n' >fake/kexec
chmod +x fake/kexec
offered 1 fake/kexec --
stdout_is --yet-another 'an option that --help has now'

# Values that --help does not list in a form for programs.
for value in auto spdy v5 v4; do
	kexec --help | grep -q -- "--protocol.*$value"
	ok $? "--protocol $value is in --help"
done
offered 2 kexec --protocol ''
stdout_is "$(printf 'auto\nspdy\nv5\nv4')" '--protocol'
offered 1 kexec --protocol=s
stdout_is --protocol=spdy '--protocol=s'
offered 2 kconf -o ''
while read -r value; do
	kconf --help | grep -qw "$value"
	ok $? "kconf -o $value is in --help"
done <out
offered 2 ktar-unpack --links ''
while read -r value; do
	ktar-unpack --help | grep -q -- "--links .*$value"
	ok $? "--links $value is in --help"
done <out
offered 2 ktar-pack --format u
stdout_is ustar 'values that --help has between bars'

# What there is.
pods=$CLUSTER_ROOT/default
mkdir -p "$pods/gnu/files/sub" "$pods/multi/second" "$CLUSTER_ROOT/far/away"
: >"$pods/gnu/files/one two"
: >"$pods/gnu/files/\$(id)"
: >"$pods/gnu/files/.hidden"
: >"$pods/gnu/files/$(printf 'bell\a')"
: >"$pods/multi/second/there"
offered 2 kexec --context ''
stdout_is "$(kconf --list | cut -f 1)" 'contexts'
offered 2 kexec --user b
stdout_is "$(printf 'basic\nbadtoken')" 'users'
offered 2 kexec -n ''
stdout_is "$(printf 'default\nfar')" 'namespaces'
offered 1 kexec g
stdout_is gnu 'pods'
offered 1 kexec far/
stdout_is far/away 'pods of another namespace'
offered 3 kexec -n far a
stdout_is away 'pods of the namespace of -n'
offered 3 kexec --context=badtoken g
[ "$rc" -eq 0 ] && [ ! -s out ]
ok $? 'no pods with a context that may not list them'
offered 1 kpods pod/g
stdout_is pod/gnu 'kpods'
offered 3 kexec multi -c ''
stdout_is "$(printf 'first\nsecond')" 'containers'
offered 2 kexec -c '' multi -- true
stdout_is "$(printf 'first\nsecond')" 'containers of a pod behind it'
offered 2 kcp -c '' multi:x y
stdout_is "$(printf 'first\nsecond')" 'containers for kcp'
offered 1 kcp gn
stdout_is "$(printf ':files\ngnu:')" 'kcp: files, and pods'
offered 1 kcp gnu:files/
stdout_is "$(printf 'gnu:files/$(id)\ngnu:files/one two\ngnu:files/sub/')" 'paths in a pod'
offered 1 kcp gnu:files/.
stdout_is gnu:files/.hidden 'one with a dot in front'
offered 4 kexec gnu -- cat files/o
stdout_is 'files/one two' 'paths behind --'
offered 3 kexec gnu -- ''
[ ! -s out ]
ok $? 'a command is not guessed'
offered 3 kcp -c second multi:t
stdout_is multi:there 'paths in the container of -c'
offered 1 ktar-unpack ''
stdout_is :dirs 'ktar-unpack'
offered 1 kexec --token-file=x
stdout_is :files 'files'
offered 2 kexec -K ''
stdout_is :files 'a record'
offered 1 "$KPIPE_BUILD/bin/kexec" g
stdout_is gnu 'a command with its path'

# Trouble is silent, and does not last.
mkdir "$pods/many"
(cd "$pods/many" && seq 1200 | xargs touch)
offered 1 kcp many:
[ "$(wc -l <out)" -le 1000 ] && [ "$(wc -l <out)" -gt 900 ]
ok $? 'no more than 1000 paths'
run "$complete" 4 kexec --kubeconfig /nonexistent gnu
good 'no kubeconfig'
run "$complete" 3 kexec -s https://127.0.0.1:1 gn
good 'no server'
run "$complete" 1 kconf nothing
good 'no operand'
offered 2 kexec --token secret-token --context ''
! grep -q secret-token "$CLUSTER_LOG" out
ok $? 'a token is not handed on'

# The shells.
run make -s -C "$root" BUILD="$KPIPE_BUILD" SAN= DESTDIR="$PWD/stage" \
	PREFIX=/opt/k PROGPREFIX=x- install
good 'make install'
XDG_DATA_DIRS=$PWD/stage/opt/k/share:/usr/local/share:/usr/share
PATH=$PWD/stage/opt/k/bin:$PATH
export XDG_DATA_DIRS PATH
mkdir here && : >'here/a b' && : >here/c

if have bash && [ -f /usr/share/bash-completion/bash_completion ]; then
	cat >complete.bash <<'B'
. /usr/share/bash-completion/bash_completion
# by what it is called in this version
load=_comp_load
declare -F $load >/dev/null || load=__load_completion
compopt() { options+=" $2"; }
# completed LINE PIECE...: PIECEs are what bash makes of LINE
completed() {
	options=
	COMP_LINE=$1
	shift
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_POINT=${#COMP_LINE} COMPREPLY=()
	$load "$1"
	set -- $(complete -p "$1")
	[ "$2 $3" = '-F _kpipe' ] || echo "not loaded: $*"
	"$3"
	(IFS='|'; echo "${COMPREPLY[*]}$options")
}
completed 'x-kexec gn' x-kexec gn
completed 'x-kexec --protocol=s' x-kexec --protocol = s
completed 'x-kcp gnu:' x-kcp gnu :
completed 'x-kcp gnu:files/s' x-kcp gnu : files/s
completed 'x-kcp gnu:files/one\ ' x-kcp gnu : 'files/one\ '
completed 'x-kcp here/' x-kcp here/
completed 'x-kexec --kubeconfig=here/c' x-kexec --kubeconfig = here/c
completed 'x-ktar-unpack he' x-ktar-unpack he
completed 'x-kexec multi -c s' x-kexec multi -c s
completed 'x-kpods --all' x-kpods --all
completed 'x-ktar-pack --no-such' x-ktar-pack --no-such
completed 'x-kconf --context ba' x-kconf --context ba
B
	run bash --norc complete.bash
	stdout_is 'gnu
spdy
files/ nospace
files/sub/ nospace
files/one two filenames
here/a b|here/c filenames
here/c filenames
here filenames
second
--all-namespaces

basic|badtoken' 'bash'
	quiet bash
else
	skip 2 bash 'no bash, or no bash-completion'
fi

if have fish; then
	cat >complete.fish <<'F'
for line in 'x-kexec gn' 'x-kexec --protocol=s' 'x-kcp gnu:files/s' \
        'x-kcp here/' 'x-kexec --kubeconfig=here/c' 'x-ktar-unpack he' \
        'x-kexec multi -c s' 'x-kpods --all' 'x-kconf --context ba'
    complete -C $line | string replace -r '\t.*' ''
end
F
	run fish complete.fish
	stdout_is 'gnu
--protocol=spdy
gnu:files/sub/
here/a b
here/c
--kubeconfig=here/c
here/
second
--all-namespaces
badtoken
basic' 'fish'
	quiet fish
else
	skip 2 fish 'no fish'
fi

if have zsh; then
	cat >complete.zsh <<'Z'
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1= PROMPT=; fpath=('$PWD/stage/opt/k/share/zsh/site-functions' \$fpath)
autoload -Uz compinit && compinit -u -D; setopt no_beep
line() { print -rn -- \"<\"BEGIN\">\$BUFFER<\"END\">\"; BUFFER= }
zle -N line; bindkey '^Xl' line; print re\"\"ady"
zpty -r z out '*ready*'
for line in 'x-kexec gn' 'x-kexec --protocol=s' 'x-kcp gnu:files/s' \
	'x-kcp gnu:files/on' 'x-kexec --kubeconfig=here/c' 'x-ktar-unpack he' \
	'x-kexec multi -c s' 'x-kpods --all' 'x-kconf --context bad'; do
	zpty -w -n z "$line"$'\t\x18l'
	zpty -r z out $'*<END>*'
	out=${${out##*<BEGIN>}%%<END>*}
	print -r -- "${out% }|"
done
zpty -d z
Z
	run zsh -f complete.zsh
	stdout_is 'x-kexec gnu|
x-kexec --protocol=spdy|
x-kcp gnu:files/sub/|
x-kcp gnu:files/one\ two|
x-kexec --kubeconfig=here/c|
x-ktar-unpack here/|
x-kexec multi -c second|
x-kpods --all-namespaces|
x-kconf --context badtoken|' 'zsh'
	quiet zsh
else
	skip 2 zsh 'no zsh'
fi
wait "$stalled" && [ "$(cat stalled)" = '' ]
ok $? 'a pod that says nothing'
finish
