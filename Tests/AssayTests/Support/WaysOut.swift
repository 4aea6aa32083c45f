import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

/// `ways-out.c`, compiled once for each machine.
enum WaysOut {
    static let amd64 = compile("x86_64")
    static let arm64 = compile("aarch64")
    static let isPossible = amd64 != nil && arm64 != nil
    static let reason = "needs the Swift toolchain's clang and lld to compile ways-out.c"

    private static func compile(_ machine: String) -> [UInt8]? {
        CompiledProgram.bytes(
            of: "ways-out.c",
            options: [
                "--target=\(machine)-linux-gnu", "-ffreestanding", "-fno-stack-protector", "-nostdlib", "-static",
                "-fuse-ld=lld",
            ])
    }

    /// What the host has, and an image's program is to find none of: two sockets that listen, a process, a file.
    final class Host {
        let machine: Machine
        let process: pid_t
        private let sockets: [Int32]
        private let name: String
        private let port: UInt16
        private let before: [String]

        init(_ machine: Machine) throws {
            self.machine = machine
            try machine.write("secret\n", to: "marker")
            var child = pid_t()
            var arguments = [strdup("sleep"), strdup("infinity"), nil]
            defer { for word in arguments { free(word) } }
            try #require(posix_spawn(&child, "/bin/sleep", nil, nil, &arguments, nil) == 0)
            process = child

            let inet = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(inet, $0, length) == 0 && listen(inet, 8) == 0 && getsockname(inet, $0, &length) == 0
                }
            }
            port = UInt16(bigEndian: address.sin_port)

            let name = "assay-\(UInt64.random(in: 1...UInt64.max))"
            let unix = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let isNamed = try LocalAddress("@\(name)").with { bind(unix, $0, $1) == 0 && listen(unix, 8) == 0 }
            self.name = name
            sockets = [inet, unix]
            before = Self.state(name)
            try #require(isBound && isNamed)
        }

        deinit {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
            for socket in sockets { close(socket) }
        }

        /// The command line for the program in an image.
        var command: [String] {
            var names = utsname()
            uname(&names)
            let host = withUnsafeBytes(of: &names.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return ["/bin/ways-out", machine.scratch.appending("marker").string, "\(process)", "\(port)", name, host]
        }

        /// What of the host is not as it was: only what the ways try to change. Other tests mount file systems meanwhile.
        var changes: [String] {
            let ended = kill(process, 0) != 0 || waitpid(process, nil, WNOHANG) != 0
            return (ended ? ["process \(process) has ended"] : [])
                + zip(before, Self.state(name)).filter { $0 != $1 }.map { "\($0) → \($1)" }
        }

        private static func state(_ source: String) -> [String] {
            let files = [
                "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory",
                "/proc/sys/fs/binfmt_misc/status",
            ].map { path in "\(path): \(text(of: path))" }
            let targets: Set = ["/", "/tmp", "/proc", "/proc/sys", "/proc/kcore"]
            let mounts = text(of: "/proc/self/mounts").split(separator: "\n").filter { line in
                let words = line.split(separator: " ")
                return words.count > 1 && (words[0] == source || targets.contains(String(words[1])))
            }
            let devices = ["/dev/null", "/dev/zero", "/dev/full"].map { path in
                var status = stat()
                return stat(path, &status) == 0 ? "\(path): \(status.st_mode) \(status.st_uid) \(status.st_gid)" : ""
            }
            return files + ["mounts: \(mounts)"] + devices
        }

        private static func text(of path: String) -> String {
            (try? WholeFile.read(path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
