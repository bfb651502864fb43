#!/bin/sh
# The test server over SPDY/3.1: it answers as a real one has been recorded to
# answer, and tells its faults.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
wire=$KPIPE_TESTS/wire
client=$KPIPE_TESTS/spdyclient.py
# The interpreter itself, not what stands in front of it on PATH.
python=$(python3 -c 'import sys; print(sys.executable)')
v4=v4.channel.k8s.io

for f in "$wire"/kubectl*-spdy-*.jsonl; do
	name=${f##*/}
	check "as recorded: ${name%.jsonl}" "$python" "$client" replay "$f" \
		"$SERVER_PORT" "$CERTS/ca.crt" "$TOKEN"
done

# tells_sed: what is done to it before it is compared
tells_sed=
# tells POD QUERY VERSIONS LINES NAME [STEP...]: what is printed by the client
tells() {
	# Long texts are told by their beginning.
	printf '%s\n' "$4" | cut -c1-70 >want
	tells_name=$5
	tells_pod=$1
	tells_query=$2
	tells_versions=$3
	shift 5
	run "$python" "$client" dump "$SERVER_PORT" "$CERTS/ca.crt" "$TOKEN" \
		"$tells_pod" "$tells_query" "$tells_versions" "$@"
	cut -c1-70 out | sed "$tells_sed" >short
	[ "$rc" -eq 0 ] && [ ! -s err ] && cmp -s want short
	ok $? "$tells_name"
}

# --- the version

switched='HTTP/1.1 101 Switching Protocols
X-Stream-Protocol-Version:'
out='command=echo&command=hi&stdout=1'
replies='reply 1 0
reply 3 0'
success='{\"metadata\":{},\"status\":\"Success\"}'
ended='data 1 0 34
rst 1 5
goaway 3 0
text error "'$success'"'
hi="data 3 0 3
data 3 1 0"
rest='rest 0
end orderly'
tells gnu "$out" v5.channel.k8s.io,$v4,channel.k8s.io "$switched $v4
$replies
$hi
$ended
text stdout \"hi\\n\"
$rest" 'v4 is chosen, not v5' open:error open:stdout
for v in v3 v2 ''; do
	v=${v:+$v.}channel.k8s.io
	tells gnu "$out" "$v" "$switched $v
$replies
$hi
rst 1 5
goaway 3 0
text stdout \"hi\\n\"
$rest" "$v: success is silence" open:error open:stdout
	tells gnu 'command=sh&command=-c&command=exit+3&stdout=1' "$v" \
		"$switched $v
$replies
data 3 1 0
data 1 0 95
rst 1 5
goaway 3 0
text error \"command terminated with non-zero exit code: error executing command [sh
text stdout \"\"
$rest" "$v: failure is prose" open:error open:stdout
done
tells gnu "$out" - 'HTTP/1.1 400 Bad Request
body unable to upgrade: X-Stream-Protocol-Version is required' 'no version offered'
tells gnu "$out" v5.channel.k8s.io "HTTP/1.1 403 Forbidden
X-Accepted-Stream-Protocol-Versions: v4.channel.k8s.io
X-Accepted-Stream-Protocol-Versions: v3.channel.k8s.io
X-Accepted-Stream-Protocol-Versions: v2.channel.k8s.io
X-Accepted-Stream-Protocol-Versions: channel.k8s.io
body unable to upgrade: unable to negotiate protocol: client supports [v5.channel.k8s.io" \
	'no version in common'
tells gnu 'command=true' $v4 'HTTP/1.1 400 Bad Request
body you must specify at least 1 of stdin, stdout, stderr' 'no stream asked for'

# --- the streams

cat='command=cat&stdin=1&stdout=1'
both='open:error open:stdin open:stdout'
all="reply 1 0
reply 3 0
reply 5 0"
echoed="data 5 1 0
data 1 0 34
rst 1 5
rst 3 5
goaway 5 0
text error \"$success\"
text stdout \"hello\"
$rest"
# shellcheck disable=SC2086 # steps are words
{
	tells gnu "$cat" $v4 "$switched $v4
$all
data 5 0 5
$echoed" 'stdin and its end' $both in:hello fin
	tells gnu "$cat" $v4 "$switched $v4
$all
data 5 0 5
$echoed" 'stdin and its end before all streams are open' \
		open:error open:stdin in:hello fin open:stdout
	tells gnu "$cat" $v4 "$switched $v4
reply 1 0
reply 3 0
rest 0
end waiting" 'nothing begins before all streams are open' \
		open:error open:stdin in:hello fin closed:0.5
	tells gnu "$cat" $v4 "$switched $v4
$all
ping 7
data 5 0 5
$echoed" 'a ping is sent back, an answer to one is not' \
		$both ping:2 ping:7 in:hello fin
	tells gnu "$cat" $v4 "$switched $v4
$all
data 5 1 0
data 1 0 34
rst 1 5
goaway 5 0
text error \"$success\"
text stdout \"\"
$rest" 'stdin that is reset is at its end' $both opened rst:stdin
	tells gnu "$cat" $v4 "$switched $v4
$all
rst 1 5
rst 3 5
rst 5 5
goaway 5 1
$rest" 'a frame of SPDY/2 ends it' $both opened raw:80020001000000000000
	tells gnu 'command=head&command=-c5&stdin=1&stdout=1' $v4 "$switched $v4
$all
data 5 0 5
$echoed" 'a command that leaves its stdin ends at once' \
		$both 'in:hello,hello,hello,hello,hello*20000'
	# how a terminal's output is cut is its own affair
	tells_sed='s/^data 5 0 .*/data 5 0 N/'
	tells gnu 'tty=1&stderr=1&stdin=1&stdout=1&command=sh&command=-c&command=read+x%3B+stty+size' \
		$v4 "$switched $v4
$all
reply 7 0
data 5 0 N
data 5 1 0
data 1 0 34
rst 1 5
rst 3 5
rst 7 5
goaway 7 0
text error \"$success\"
text stdout \"\\r\\n30 100\\r\\n\"
$rest" 'a terminal and its size' $both open:resize \
		'size:{"Width":100,"Height":30}' 'in:
'
	tells_sed=
}
tells gnu 'command=no-such&stdout=1' $v4 "$switched $v4
$replies
data 1 0 732
rst 1 5
rst 3 5
goaway 3 0
text error \"{\\\"metadata\\\":{},\\\"status\\\":\\\"Failure\\\",\\\"message\\\":\\\"Internal error occur
$rest" 'a command that is not there' open:error open:stdout

# --- faults, each once

# fault NAME LINES [STEP...]: behind the replies, for echo hi
fault() {
	fault_name=$1
	fault_lines=$2
	shift 2
	tells "fault-$fault_name" "$out" $v4 "$switched $v4
$fault_lines" "fault-$fault_name" open:error open:stdout "$@"
}

text='text stdout "hi\n"'
over="$ended
$text
$rest"
cut='rest 0
end cut'
fault no-status "$replies
$hi
rst 1 5
goaway 3 0
$text
$rest"
fault no-status-drop "$replies
$hi
$text
$cut"
fault status-drop "$replies
$hi
data 1 0 34
text error \"$success\"
$text
$cut"
fault reset "$replies
$hi
$ended
$text
rest 0
end reset"
fault close-1011 "$replies
$hi
rst 1 5
goaway 3 2
$text
$rest"
fault status-1011 "$replies
$hi
data 1 0 34
rst 1 5
goaway 3 2
text error \"$success\"
$text
$rest"
fault late-data "$replies
data 3 0 3
data 1 0 34
data 3 0 5
data 3 1 0
rst 1 5
goaway 3 0
text error \"$success\"
text stdout \"hi\\nlate\\n\"
$rest"
fault split-status "$replies
$hi
data 1 0 11+11+12
rst 1 5
goaway 3 0
text error \"$success\"
$text
$rest"
fault two-status "$replies
$hi
data 1 0 34+212
rst 1 5
goaway 3 0
text error \"$success{\\\"metadata\\\":{},\\\"stat
$text
$rest"
fault bad-status "$replies
$hi
data 1 0 26
rst 1 5
goaway 3 0
text error \"the command has ended well\"
$text
$rest"
long='text error "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"'
fault huge-status "$replies
$hi
data 1 0 4194450
rst 1 5
goaway 3 0
${long}Internal error occur
$text
$rest"
fault exit-256 "$replies
$hi
data 1 0 216
rst 1 5
goaway 3 0
${long}command terminated w
$text
$rest"
fault fragment "$replies
data 3 0 1
ping 2
data 3 0 2
data 3 1 0
data 1 0 17
ping 4
data 1 0 17
rst 1 5
goaway 3 0
text error \"$success\"
$text
$rest"
junk='data 99 0 4
data 2 0 4
control 4 4
control 9 8
rst 99 5
control 42 8'
fault unknown-channel "$replies
$junk
$hi
$junk
$ended
$text
text 2 \"junkjunk\"
text 99 \"junkjunk\"
$rest"
fault cut-2 "$replies
data 3 0 2
text stdout \"hi\"
$cut"
fault rst-2 "$replies
data 3 0 2
rst 3 6
$ended
text stdout \"hi\"
$rest"
fault bytes "$replies
data 3 0 1+1+1
data 3 1 0
$over"
fault slow "$replies
$hi
$over"
fault goaway "$replies
goaway 3 0
$hi
$over"
fault no-reply "$hi
$over"
fault ping-flood "$replies
ping *20000
$hi
$over"
fault header-bomb "reply 1 67108877
reply 3 67108877
$hi
$over"
fault huge-frame "$replies
rest 1048584
end cut"
fault stall-in "$replies
$hi
$over"
fault linger "$replies
$hi
data 1 0 34
ping 5
text error \"$success\"
$text
rest 0
end waiting" wait:error ping:5 closed:1
fault stall '
rest 0
end waiting' ping:1 closed:0.5
fault stall-out '
rest 0
end waiting' ping:1 closed:0.5
tells fault-lie-success 'command=wc&command=-c&stdin=1&stdout=1' $v4 "$switched $v4
$all
data 5 0 6
data 5 1 0
data 1 0 34
rst 1 5
rst 3 5
goaway 5 0
text error \"$success\"
text stdout \"65536\\n\"
$rest" fault-lie-success open:error open:stdin open:stdout \
	"in:$(printf %01000d 0)*100"
tells fault-stdin-queue 'command=head&command=-c5&stdin=1&stdout=1' $v4 \
	"$switched $v4
$all
data 5 0 5
$echoed" 'fault-stdin-queue: none here' open:error open:stdin open:stdout \
	'in:hello,hello,hello,hello,hello*20000'
tells fault-bad-accept "$out" $v4 "$switched v9.channel.k8s.io
$replies
$hi
$over" 'fault-bad-accept: a version that was not offered' open:error open:stdout
tells fault-502 "$out" $v4 'HTTP/1.1 502 Bad Gateway
body upstream connect error' fault-502
tells fault-not-101-200 "$out" $v4 'HTTP/1.1 200 OK
body <html><body>Please log in</body></html>' fault-not-101-200

finish
