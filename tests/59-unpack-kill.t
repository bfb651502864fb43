#!/bin/sh
# ktar-unpack: killed at random moments, it leaves nothing half-made under a
# name of the archive, and the next run completes what there is.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'python3 is not installed'
# a search for leaks that is killed complains
export ASAN_OPTIONS="detect_leaks=0:${ASAN_OPTIONS-}"
cat >kill.py <<'PY'
import fcntl, os, random, shutil, stat, subprocess, sys, termios, time
rounds, options = int(sys.argv[1]), sys.argv[2:]
random.seed(int(os.environ.get('KPIPE_SEED', 0)) or None)

def look(top):
    seen = {}
    for where, dirs, files in os.walk(top):
        for name in dirs + files:
            path = os.path.join(where, name)
            st = os.lstat(path)
            rel = os.path.relpath(path, top)
            if stat.S_ISLNK(st.st_mode):
                # its time is set when it is there
                seen[rel] = 'l', os.readlink(path)
            elif stat.S_ISDIR(st.st_mode):
                seen[rel] = 'd', st.st_mode, st.st_mtime_ns
            else:
                with open(path, 'rb') as f:
                    seen[rel] = 'f', st.st_mode, st.st_mtime_ns, f.read()
    return seen

os.mkdir('src')
for i in range(120):
    where = 'src/d%d/e%d' % (i % 4, i % 12)
    os.makedirs(where, exist_ok=True)
    with open('%s/f%d' % (where, i), 'wb') as f:
        f.write(os.urandom(random.choice((0, 10, 4000, 70000))))
    os.chmod(f.name, random.choice((0o644, 0o600, 0o755, 0o444)))
    os.utime(f.name, (1e9 + i, 1e9 + i + .5))
    if i % 5 == 0:
        os.symlink('f%d' % i, '%s/l%d' % (where, i))
        os.link(f.name, '%s/h%d' % (where, i))
subprocess.run(['tar', '--format=pax', '-cf', 't.tar', '-C', 'src', '.'],
               check=True)
want = look('src')

def run(kill_after=None):
    with open('t.tar') as f:
        p = subprocess.Popen(['ktar-unpack', *options, 'o'], stdin=f)
    if kill_after is not None:
        time.sleep(kill_after)
        p.kill()
    return p.wait()

def run_until():
    """Killed when it has taken some of the archive and waits for more."""
    with open('t.tar', 'rb') as f:
        data = f.read()
    p = subprocess.Popen(['ktar-unpack', *options, 'o'],
                         stdin=subprocess.PIPE)
    p.stdin.write(data[:random.randrange(len(data) // 4, len(data) * 3 // 4)])
    p.stdin.flush()
    waiting = b'....'
    while any(waiting) or open('/proc/%d/stat' % p.pid).read().rpartition(
            ')')[2].split()[0] != 'S':
        time.sleep(.001)
        waiting = fcntl.ioctl(p.stdin, termios.FIONREAD, b'....')
    p.kill()
    p.wait()
    p.stdin.close()

def fresh():
    shutil.rmtree('o', ignore_errors=True)
    os.mkdir('o')

fresh()
begun = time.monotonic()
assert run() == 0 and look('o') == want
took = time.monotonic() - begun
bad, between, left, whole = [], 0, 0, 0
for n in range(rounds):
    fresh()
    if n % 4 == 3:  # something is there already, and stays until replaced
        os.makedirs('o/d1/e1')
        with open('o/d1/e1/f1', 'w') as f:
            f.write('old')
        old = look('o')
    else:
        old = {}
    if n % 2:
        run_until()
    else:
        run(random.random() * took)
    got = look('o')
    names = {k: v for k, v in got.items() if '.ktar-unpack-' not in k}
    for k, v in names.items():
        # a directory gets its mode and time last
        if v[0] == 'd' and want.get(k, ' ')[0] == 'd':
            continue
        if v != want.get(k) and v != old.get(k):
            bad.append('round %d: %s' % (n, k))
    between += 0 < len(names) < len(want)
    left += len(names) < len(got)
    if n % 5 == 0:
        for k in sorted(set(got) - set(names), reverse=True):
            if '.ktar-unpack-' in os.path.basename(k):
                p = 'o/' + k
                shutil.rmtree(p) if os.path.isdir(p) else os.unlink(p)
        if run() != 0 or look('o') != want:
            bad.append('round %d: not completed' % n)
        whole += 1
print('%d kills, %d in between, %d left something, %d completed' % (
    rounds, between, left, whole))
print('\n'.join(bad[:5]))
sys.exit(bool(bad) or between < rounds // 5)
PY
rounds=${KPIPE_KILLS:-40}
run python3 kill.py "$rounds"
good "killed $rounds times: nothing half-made"
sed 's/^/# /' out
rm -rf src o
run python3 kill.py "$rounds" -p
good "killed $rounds times, with -p: nothing half-made"
sed 's/^/# /' out

# --atomic: the old tree or the new one, whole, whenever the whole group is
# killed
cat >atomic.py <<'PY'
import fcntl, os, random, shutil, subprocess, sys, time
rounds = int(sys.argv[1])
def look(top):
    return {n: open(os.path.join(top, n)).read() for n in os.listdir(top)}
for v in 'ab':
    os.mkdir(v)
    for i in range(60):
        with open('%s/%d' % (v, i), 'w') as f:
            f.write(v * (1 + i * 97))
    subprocess.run(['tar', '-cf', v + '.tar', '-C', v, '.'], check=True)
a, b = look('a'), look('b')
def run(which, kill_after=None):
    with open(which) as f:
        p = subprocess.Popen(['ktar-unpack', '--atomic', 'o'], stdin=f,
                             start_new_session=True)
    if kill_after is not None:
        time.sleep(kill_after)
        try:
            os.killpg(p.pid, 9)
        except ProcessLookupError:
            pass
    return p.wait()
os.mkdir('o')
assert run('a.tar') == 0
begun = time.monotonic()
assert run('a.tar') == 0
took = time.monotonic() - begun
bad, old, new, now = [], 0, 0, a
for n in range(rounds):
    run('b.tar' if now == a else 'a.tar', random.random() * took * 2)
    # the second process may be on its way out still, and has the lock
    fd = os.open('o', os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.close(fd)
    got = look('o')
    if got not in (a, b):
        bad.append('round %d' % n)
    old += got == now
    new += got != now
    now = got
if run('b.tar') != 0 or look('o') != b:
    bad.append('the last run')
if any(x.startswith('.ktar-unpack-') for x in os.listdir('.')):
    bad.append('something is left')
print('%d kills: %d times the old one, %d the new one' % (
    rounds, old, new))
print('\n'.join(bad[:5]))
sys.exit(bool(bad) or not old)
PY
rm -rf src o
run python3 atomic.py "$rounds"
good "--atomic, killed $rounds times: one or the other, whole"
sed 's/^/# /' out
finish
