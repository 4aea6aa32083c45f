"""podman and containerd, each with a store of its own in a scratch directory, and assay: what each makes of an image, and whether it starts it."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

import trees


# As process 1 a program that QEMU wants to end by a signal does not end.
PATIENCE = 10


class Answer:
    """`tree` is nil where the image was refused."""

    def __init__(self, tree, started, said):
        self.tree, self.started, self.said = tree, started, said


def run(*command, timeout=60, env=None):
    """Status, output and errors; 124 where it took too long. Bytes that are no text are replaced."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=env, start_new_session=True) as process:
        status = None
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            status = 124
        return process.returncode if status is None else status, out.decode(errors="replace"), err.decode(errors="replace")


def last(text):
    """The last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")[-300:]


class Podman:
    name = "podman"

    def __init__(self, scratch, cgroup):
        self.place = os.path.join(scratch, "podman")
        self.cgroup = cgroup
        self.common = ["podman", "--root", self.place + "/root", "--runroot", self.place + "/run", "--tmpdir", self.place + "/tmp", "--storage-driver", "overlay",
                       "--events-backend", "none", "--cgroup-manager", "cgroupfs", "--runtime", "runc"]

    def look(self, image):
        status, out, err = run(*self.common, "pull", "-q", "--arch", "arm64", "oci:%s:image" % image.place)
        if status:
            return Answer(None, False, last(err))
        identity = out.split()[-1]
        try:
            status, out, err = run(*self.common, "image", "mount", identity)
            if status:
                return Answer(None, False, last(err))
            tree = trees.lines(out.strip())
            run(*self.common, "image", "unmount", "-f", identity)
            status, out, err = run(*self.common, "run", "--rm", "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096", "--pull", "never",
                                   "--arch", "arm64", "--log-driver", "none", "--cgroup-parent", self.cgroup, identity, timeout=PATIENCE)
            return Answer(tree, image.nonce in out, "status %d %s" % (status, last(err)))
        finally:
            run(*self.common, "rm", "-af", "-t", "0")
            run(*self.common, "rmi", "-f", identity)

    def stop(self):
        run(*self.common, "rmi", "-af")


class Containerd:
    name = "containerd"

    def __init__(self, scratch, cgroup):
        self.place = os.path.join(scratch, "containerd")
        self.cgroup = cgroup
        os.makedirs(self.place)
        self.socket = self.place + "/socket"
        config = self.place + "/config.toml"
        with open(config, "w") as file:
            file.write('version = 2\nroot = "%s/root"\nstate = "%s/state"\n' % (self.place, self.place))
            file.write('disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]\n')
            file.write('[grpc]\naddress = "%s"\n[ttrpc]\naddress = "%s.ttrpc"\n' % (self.socket, self.socket))
        self.log = open(self.place + "/log", "w")
        self.daemon = subprocess.Popen(["containerd", "--config", config], stdout=self.log, stderr=self.log)
        for _ in range(100):
            if run("ctr", "-a", self.socket, "version")[0] == 0:
                return
            time.sleep(0.1)
        raise SystemExit("containerd does not answer: see %s/log" % self.place)

    def look(self, image):
        ctr = ["ctr", "-a", self.socket]
        archive, mount, name = image.place + ".tar", self.place + "/mount", "localhost/image:%d" % image.seed
        run("tar", "-C", image.place, "-cf", archive, ".")
        try:
            status, _, err = run(*ctr, "image", "import", "--platform", "linux/arm64", "--no-unpack", archive)
            if status:
                return Answer(None, False, last(err))
            os.makedirs(mount, exist_ok=True)
            status, _, err = run(*ctr, "image", "mount", "--platform", "linux/arm64", "--snapshotter", "overlayfs", name, mount)
            if status:
                return Answer(None, False, last(err))
            tree = trees.lines(mount)
            run(*ctr, "image", "unmount", "--rm", mount)
            status, out, err = run(*ctr, "run", "--rm", "--platform", "linux/arm64", "--snapshotter", "overlayfs", "--cgroup", self.cgroup + "/%d" % image.seed,
                                   name, "assay-engines-%d" % image.seed, timeout=PATIENCE)
            if status == 124:
                run(*ctr, "task", "kill", "-s", "KILL", "assay-engines-%d" % image.seed)
                time.sleep(0.5)
                run(*ctr, "task", "rm", "-f", "assay-engines-%d" % image.seed)
                run(*ctr, "container", "rm", "assay-engines-%d" % image.seed)
            return Answer(tree, image.nonce in out, "status %d %s" % (status, last(err)))
        finally:
            run(*ctr, "image", "rm", "--sync", name)
            os.remove(archive)

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        self.daemon.wait(timeout=20)


class Assay:
    name = "assay"

    def __init__(self, scratch, program):
        self.program = program
        self.temporary = os.path.join(scratch, "assay")
        os.makedirs(self.temporary)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.temporary, "TMPDIR": self.temporary, "ASSAY_HISTORY": "0"}

    def look(self, image):
        status, out, err = run(self.program, "artifact", image.place, "--run", "--timeout-multiplier", "0.2", "--keep", "--format", "json", "--no-record",
                               env=self.env)
        report = json.loads(out)
        check = next(check for check in report["checks"] if check["id"] == "artifact.contents")
        said = "%s: %s" % (check["outcome"], "; ".join("%s %s" % (one["code"], one["summary"]) for one in report["findings"]) or check["detail"])
        kept = re.search(r"kept (\S+)", err)
        tree = None
        if kept:
            root = os.path.join(kept.group(1), "image")
            tree = trees.lines(root) if os.path.isdir(root) else None
            # Nothing is mounted there: the venue was a process's own.
            shutil.rmtree(kept.group(1), ignore_errors=True)
        return Answer(tree, check["outcome"] == "pass", said[:600])

    def stop(self):
        pass
