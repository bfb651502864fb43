#!/bin/sh
# kcp: copies to, from and between pods, composed of ktar-pack, kexec and
# ktar-unpack.  kcp -x prints the pipe in place of running it.
#
# Every copy has the same shape: one side sends a tar stream whose members are
# BASE or beneath it (or "." and beneath it, where only the contents are meant);
# the other finds out what DST is and puts them there.  So one session a side is
# enough, and nothing is asked beforehand.
set -u
me=${0##*/}
# the tools beside this one, which may be installed with a prefix
prefix=${me%kcp}
case $0 in */*) PATH=${0%/*}:$PATH ;; esac

# die WORDS: the end of a usage error
die() {
	say "$@"
	exit 2
}
# say WORDS: a line on stderr, without the control bytes that a name may have; it
# takes the place of what other streams may have drawn
say() {
	if [ -n "$draws" ] && [ "$jobs" -gt 1 ] && [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
		printf '\r%79s\r' '' >&2
	fi
	printf '%s: %s\n' "$me" "$*" | LC_ALL=C tr '\000-\011\013-\037\177' '?' >&2
}

usage() {
	cat <<'U'
usage: kcp [options] SRC... DST
Copies files and directories to, from and between pods; one side or both are
[[NAMESPACE/]POD:]PATH.  - as the SRC or the DST is a tar stream.
options:
  -c, --container NAME  the container (default: as kubectl chooses)
  -z, --gzip            compress the stream, where the pod has gzip
      --zstd            the same with zstd, or else gzip
  -x                    print the pipe, and run nothing
      --verify          compare the sha256 of every file at both ends
      --retries N       so many tries more when the stream is lost; -1: any number
      --update          only files whose size or time is another there
      --checksum        only files whose size or sha256 is another there
      --delete          and take away there what SRC does not have
      --dry-run         say what --update, --checksum, --delete would do
      --atomic          show nothing before all is there, and replace a directory
  -j, --jobs N          N streams at once
      --exclude PATTERN leave out what matches (may be given several times)
      --no-preserve     in a pod: neither the modes nor the owner
      --debug-image IMAGE  where the pod lacks tools, those of IMAGE, in a
                        container that is added to it
      --progress        show progress, on a terminal the default
      --bwlimit RATE    at most so many bytes in a second
  -q, --quiet           no progress, and no notes
  -v, --verbose         say which pipe is run
      --help, --version
and kexec's options for the cluster, the protocol and the time-outs:
  -K FILE               a record that kconf made before
  --kubeconfig --context --cluster --user -n/--namespace -s/--server
  --token-file --as --as-group --as-uid --as-user-extra
  --certificate-authority --client-certificate --client-key
  --tls-server-name --insecure-skip-tls-verify --proxy-url
  --kuberc --request-timeout
  --protocol --connect-timeout --pod-running-timeout --idle-timeout
  --ping-interval
U
}

# quote WORD: into $quoted, for a shell to read again
quote() {
	case $1 in
	'' | *[!A-Za-z0-9_./:=@%,+-]*) ;;
	*)
		quoted=$1
		return
		;;
	esac
	quote_rest=$1
	quoted=
	while :; do
		case $quote_rest in
		*\'*)
			quoted=$quoted${quote_rest%%\'*}"'\\''"
			quote_rest=${quote_rest#*\'}
			;;
		*) break ;;
		esac
	done
	quoted="'$quoted$quote_rest'"
}
# words WORD...: all of them, into $line
words() {
	line=
	for words_one; do
		quote "$words_one"
		line="$line${line:+ }$quoted"
	done
}

