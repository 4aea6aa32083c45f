# proves: subprocess starts programs with pipes, environments, closed descriptors and time limits, and reports what cannot be started
# stands for: pip, meson and cloud-init see exit status 127, or success, for programs that do not exist or crashed
# source: https://github.com/python/cpython/issues/129204
import os
import signal
import subprocess
import sys
from probe import answer, expect, fail

run = subprocess.run
expect("output", run(["/bin/sh", "-c", "echo out; echo err >&2; exit 7"], capture_output=True, check=False, text=True).stdout, "out\n")
expect("exit status", run(["/bin/sh", "-c", "exit 7"], check=False).returncode, 7)
expect("signal", run(["/bin/sh", "-c", "kill -KILL $$"], check=False).returncode, -signal.SIGKILL)
data = os.urandom(1 << 20)
expect("a megabyte through cat", run(["/bin/cat"], input=data, capture_output=True, check=True).stdout, data)
expect("environment", run(["/usr/bin/env"], env={"ONLY": "this"}, capture_output=True, check=True).stdout, b"ONLY=this\n")
expect("directory", run(["/bin/pwd"], cwd="/usr/lib", capture_output=True, check=True).stdout, b"/usr/lib\n")
for name, error in (("/no/such/program", FileNotFoundError), ("/etc/passwd", PermissionError)):
    try:
        run([name], check=False)
        fail(f"{error.__name__} for {name}", "nothing was raised")
    except error:
        pass
kept = os.open("/", os.O_RDONLY)
os.set_inheritable(kept, True)
listing = [sys.executable, "-S", "-c", "import os\nprint(sorted(int(f) for f in os.listdir('/proc/self/fd')))"]
expect("descriptors that are closed", str(kept) in run(listing, capture_output=True, check=True, text=True).stdout.strip("[]\n").split(", ")[3:-1], False)
try:
    run(["/bin/sleep", "30"], timeout=0.3, check=False)
    fail("TimeoutExpired", "nothing was raised")
except subprocess.TimeoutExpired:
    pass
with subprocess.Popen(["/bin/sh", "-c", "sleep 30 & wait"], start_new_session=True) as child:
    expect("a session of its own", os.getsid(child.pid), child.pid)
    os.killpg(child.pid, signal.SIGTERM)
    expect("status of the session's leader", child.wait(), -signal.SIGTERM)
pipeline = subprocess.Popen(["/usr/bin/seq", "1", "100000"], stdout=subprocess.PIPE)
tail = subprocess.Popen(["/usr/bin/tail", "-n", "1"], stdin=pipeline.stdout, stdout=subprocess.PIPE)
pipeline.stdout.close()
expect("pipeline", tail.communicate()[0], b"100000\n")
expect("os.posix_spawn", os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", "exit 9"], {}), 0)[1]), 9)
answer()
