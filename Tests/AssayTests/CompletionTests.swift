import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Completion") struct CompletionTests {
    /// What is typed, and a command that prints the names of which those are offered that begin with its last word.
    private static let lists: [(typed: String, known: String)] = [
        ("assay probe exec.", "list probes"), ("assay probe --image busybox ", "list probes --image busybox"),
        ("assay probe --platform linux/riscv64 fp.", "list probes"), ("assay accept --image ", "list images"),
        ("assay explain artifact-", "list findings"), ("assay explain limit-", "list limits"),
        ("assay explain memory.", "list probes"), ("assay explain dead-", "list drills"),
        ("assay accept --allow ", "list findings"), ("assay drill dead-", "list drills"),
        ("assay drill --filter slow", "list drills"), ("assay accept --filter exec.", "list probes"),
        ("assay accept --venue ", "list venues"), ("assay builders prove --context h", "list contexts"),
        ("assay host --format ", "list formats"), ("assay run Scenarios --filter ", "list scenarios Scenarios"),
    ]

    /// What is typed, and all that is offered.
    private static let words: [(typed: String, offered: [String])] = [
        (
            "assay accept --builder ",
            ["buildah", "podman", "docker", "buildx", "buildctl", "buildx:multi", "any", "none"]
        ),
        ("assay builders prove --builder builda", ["buildah"]), ("assay builders --builder builda", ["buildah"]),
        ("assay history --command acc", ["accept"]), ("assay builders c", ["create"]),
        ("assay host --platform linux/r", ["linux/riscv64"]), ("assay artifact --platform a", ["all"]),
        ("assay completions ", ["bash", "zsh", "fish"]), ("assay accept --report j", ["json=", "junit="]),
        ("assay list drill", ["drills"]), ("assay accept --limit entr", ["entries="]),
        ("assay accept --profile ", ["nights"]), ("assay handler inst", ["install"]),
        ("assay explain build.l", ["build.log"]), ("assay watch acc", ["accept"]),
    ]

    private let machine: Machine

    init() throws {
        machine = try Machine()
        try #require(mkdir(machine.scratch.appending("bin").string, 0o755) == 0)
        try #require(symlink(Machine.program.string, machine.scratch.appending("bin/assay").string) == 0)
        try #require(
            symlink(Repository.folder.appending("Scenarios").string, machine.scratch.appending("Scenarios").string) == 0
        )
        machine.environment["PATH"]?.insert(contentsOf: "\(machine.scratch)/bin:", at: "".startIndex)
        _ = machine.run("mkdir -p \"$HOME/.docker/buildx/instances\" && : >\"$HOME/.docker/buildx/instances/multi\"")
        try machine.write("profiles: {nights: {jobs: 2}}\n", to: ".assay.yaml")
        try machine.write("exec format error\n", to: "build.log")
        // A name that a shell would run.
        try machine.write("", to: "$(touch owned)")
    }

    /// Runs a program in the machine's directory, with the line that is typed as its last word.
    private func lines(of command: [String], _ typed: String) throws -> [String] {
        let outcome = Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(
                    path: "/bin/sh",
                    ["sh", "-c", "cd '\(machine.scratch)' && exec \"$@\"", "sh"] + command + [typed],
                    timeout: .seconds(60))))
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(typed): \(outcome)")
        #expect(access(machine.scratch.appending("owned").string, F_OK) != 0, "\(typed)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// What bash offers for a line.
    private func offered(_ typed: String) throws -> [String] {
        try lines(of: ["/bin/bash", "--norc", "--noprofile", "-c", Self.script, "bash"], typed).sorted()
    }

    /// As readline calls it: the words, which of them has the cursor, and the function that `complete` registered.
    private static let script = """
        source <(assay completions bash) || exit
        [[ $(complete -p assay) == *' -F _assay assay' ]] || exit
        COMP_LINE=$1 COMP_POINT=${#1}
        read -ra COMP_WORDS <<<"$1"
        [[ $1 != *' ' ]] || COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _assay assay "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
        """

    private static let registered = String(
        decoding: SystemTool.output("cd /proc/sys/fs/binfmt_misc 2>/dev/null && ls | grep -vx -e register -e status"),
        as: UTF8.self
    ).split(separator: "\n").map(String.init)

    @Test("bash offers the names that are known now, and runs none") func bash() throws {
        for (typed, known) in Self.lists {
            let listed = machine.run(
                "cd '\(machine.scratch)' && assay \(known) --format json | jq -r '.[] | .name // .code'")
            let prefix = typed.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
            let names = listed.output.split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }.sorted()
            #expect(!names.isEmpty, "\(typed): \(listed)")
            #expect(try offered(typed) == names, "\(typed)")
        }
        for (typed, all) in Self.words { #expect(try offered(typed) == all.sorted(), "\(typed)") }
        #expect(try offered("assay explain ./").contains { $0.contains("owned") } == false)
        #expect(try offered("assay explain zz").isEmpty)
        #expect(Set(try offered("assay handler remove ")) == Set(Self.registered))
    }

    /// What is typed before TAB, and the line after it.
    private static let completed = [
        ("probe exec.static-p", "probe exec.static-pie "), ("explain handler-not-f", "explain handler-not-fixed "),
        ("explain limit-vf", "explain limit-vfork "), ("drill dead-s", "drill dead-socket "),
        ("accept --venue chr", "accept --venue chroot "), ("accept --builder builda", "accept --builder buildah "),
        ("accept --image tool", "accept --image toolchain "), ("accept --profile ni", "accept --profile nights "),
        ("host --platform linux/ri", "host --platform linux/riscv64 "), ("comp", "completions "),
        ("run Scenarios --filter drill", "run Scenarios --filter drills "), ("accept --thor", "accept --thorough "),
    ]

    private func expectCompleted(by shell: String) throws {
        let typist = Repository.folder.appending("Tests/AssayTests/Support/typist.py").string
        for (typed, whole) in Self.completed {
            #expect(
                try lines(of: ["python3", typist, shell], "assay \(typed)") == ["assay \(whole)"], "\(shell): \(typed)")
        }
    }

    @Test("zsh completes them in its line", .enabled(if: access("/usr/bin/zsh", X_OK) == 0, "zsh is not installed"))
    func zsh() throws { try expectCompleted(by: "zsh") }

    @Test("fish does", .enabled(if: access("/usr/bin/fish", X_OK) == 0, "fish is not installed"))
    func fish() throws { try expectCompleted(by: "fish") }

    @Test("a shell that has no script is refused with those that have one, and a script of another version is silent")
    func unknown() {
        let other = machine.assay("completions", "tcsh")
        #expect(other.status == 64 && other.output.isEmpty, "\(other)")
        for shell in ["tcsh", "bash", "zsh", "fish"] { #expect(other.errors.contains("'\(shell)'"), "\(other)") }
        for words in [["gone", "--", "--option"], ["probe", "--", "--gone"], []] {
            let launch = machine.launch(["---completion"] + words + ["1", "0", "assay"])
            let outcome = Outcome(Supervisor(jobs: 1).run(launch))
            #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
        }
    }
}
