import Binfmt
import Glibc

/// A dockerd of a test's own: its storage, state and socket are below the test's scratch directory.
enum DockerDaemon {
    static let isHere =
        access("/usr/sbin/dockerd", X_OK) == 0 && access("/usr/bin/docker", X_OK) == 0 && geteuid() == 0
    static let reason = "needs Debian's docker.io (/usr/sbin/dockerd, /usr/bin/docker), and root"
    /// The host's own handler may be disabled for a moment: only where the machine is disposable.
    static let mayChangeHost = getenv("ASSAY_MAY_CHANGE_HOST").map { String(cString: $0) } == "1"

    /// A script that runs `body` while the daemon runs, and says on standard error what the daemon holds afterwards.
    /// - Parameter emulator: what the daemon's BuildKit finds as its own emulator.
    static func script(_ machine: Machine, emulator: String? = nil, _ body: String) -> String {
        """
        d='\(machine.scratch)/docker'; mkdir -p "$d"
        export DOCKER_HOST="unix://$d/socket" PATH="$d/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        mkdir -p "$d/bin"; \(emulator.map { "ln -s \($0) \"$d/bin/buildkit-qemu-aarch64\"" } ?? ":")
        mkdir "$d/tmp" # on a busy machine dockerd has its containerd write down there where it stands
        TMPDIR="$d/tmp" dockerd --data-root "$d/data" --exec-root "$d/exec" --pidfile "$d/pid" -H "$DOCKER_HOST" \\
            --iptables=false --ip6tables=false --bridge=none >"$d/log" 2>&1 &
        daemon=$!
        trap 'kill -TERM $daemon; wait $daemon; umount -l "$d"/exec/netns/* 2>/dev/null' EXIT
        n=0; until docker version >/dev/null 2>&1; do
            n=$((n + 1)); [ $n -lt 150 ] || { cat "$d/log" >&2; exit 99; }; sleep 0.1
        done
        \(body)
        status=$?
        echo "images:$(docker image ls --all --quiet | wc -l) containers:$(docker ps --all --quiet | wc -l)" \\
            "cache:$(docker system df --verbose --format '{{len .BuildCache}}')" >&2
        exit $status
        """
    }

    /// `body` with the host's arm64 entry disabled, under a lock, restored whatever happens: in a shell of its own, whose trap the body's
    /// cannot replace.
    static func withoutHandler(_ body: String) -> String {
        """
        exec 9>/run/lock/assay-host-handler.lock; flock 9
        entry=$(grep -ls '^magic 7f454c460201010000000000000000000200b7' /proc/sys/fs/binfmt_misc/* | head -1)
        ( trap 'printf 1 >"$entry"' EXIT; trap 'exit 143' INT TERM; printf 0 >"$entry"
          ( \(body) ) )
        """
    }

    /// For a script that was killed before it could restore the entry itself.
    static func restoreHandler() {
        let entries = Registry.read().handlers.filter {
            !$0.enabled && $0.text.contains("magic 7f454c460201010000000000000000000200b7")
        }
        for entry in entries {
            guard let file = fopen("\(Registry.standardDirectory)/\(entry.name)", "w") else { continue }
            fputs("1", file)
            fclose(file)
        }
    }
}
