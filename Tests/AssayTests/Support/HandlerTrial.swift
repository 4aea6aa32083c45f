import Binfmt
import Sandbox
import Testing

/// Changes of a registry and of boot files, in namespaces of a script's own: the host never sees them.
struct HandlerTrial {
    /// Shell functions for scripts, and empty directories where boot files go. The host's registry stays covered, whatever
    /// is mounted or unmounted above.
    static let opening =
        """
        cover() { mount -t tmpfs none $registry; }
        cover; mount -t binfmt_misc binfmt_misc $registry
        [ "$(ls $registry | wc -l)" = 2 ] || exit 93
        assay() { "$0" "$@"; }
        state() {
            [ ! -e $registry/status ] || head -1 $registry/status
            for name in $(ls -U $registry); do
                case $name in register | status) ;; *) echo "== $name"; cat "$registry/$name" ;; esac
            done
            (cd /etc/binfmt.d 2>/dev/null && for file in *; do [ ! -f "$file" ] || { echo "-- $file"; cat "$file"; }; done)
        }
        mark() { printf '\\f'; }
        undo() { sed -n '/^undo, as root$/,$ { /^  /p; }' "$1" | sh; }
        for directory in /etc/binfmt.d /usr/lib/binfmt.d /var/lib/binfmts; do
            [ ! -d $directory ] || mount -t tmpfs none $directory
        done
        cd "$TMPDIR"

        """

    /// What the script printed, cut at each `mark`.
    let parts: [String]
    let outcome: Outcome

    init(_ script: String) throws {
        let machine = try Machine()
        outcome = Outcome(Supervisor(jobs: 1).run(machine.privately(Self.opening + script)))
        parts = outcome.output.split(separator: "\u{c}", omittingEmptySubsequences: false).map(String.init)
        try #require(![90, 91, 93].contains(outcome.status), "\(outcome)")
    }

    /// The entry that the kernel shows after an installation with these flags.
    static func entry(_ name: String = "qemu-aarch64", interpreter: String, flags: String) -> String {
        """
        == \(name)
        enabled
        interpreter \(interpreter)
        flags: \(flags)
        offset 0
        magic 7f454c460201010000000000000000000200b700
        mask ffffffffffffff00fffffffffffffffffeffffff

        """
    }
}
