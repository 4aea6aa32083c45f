# Sourced by suites that run in the tree of ci/builders.

# second_daemon OPTION...: starts a dockerd without the containerd image store on unix:///run/second.sock. It ends with the tree's pid namespace.
second_daemon() {
    mkdir -p /run/second
    mount -t tmpfs tmpfs /run/second
    dockerd --config-file /dev/null --data-root /run/second/data --exec-root /run/second/exec --pidfile /run/second/pid --iptables=false \
        --ip6tables=false --bridge=none -H unix:///run/second.sock "$@" >/tmp/second.log 2>&1 &
    for ((i = 0; i < 150; i++)); do
        ! DOCKER_HOST=unix:///run/second.sock docker version >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    cat /tmp/second.log >&2
    return 1
}
