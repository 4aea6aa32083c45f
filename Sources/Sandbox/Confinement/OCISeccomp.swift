import Glibc

/// `SystemCallTable` in the form that OCI runtimes read.
///
/// <https://github.com/opencontainers/runtime-spec/blob/v1.0.2/config-linux.md#seccomp>
struct OCISeccomp: Encodable {
    struct Rule: Encodable {
        var names: [String]
        var action = "SCMP_ACT_ALLOW"
        var errnoRet: Int32?
        var args: [Argument]?
    }

    struct Argument: Encodable {
        var index: UInt32
        var value: UInt64
        var valueTwo: UInt64?
        var op: String
    }

    var defaultAction = "SCMP_ACT_ERRNO"
    var defaultErrnoRet = EPERM
    var architectures = OCISeccomp.architectures
    var syscalls: [Rule]

    init() {
        let conditions = SystemCallTable.conditions
        syscalls = [Rule(names: SystemCallTable.names.filter { conditions[$0] == nil })]
        for (name, condition) in conditions.sorted(by: { $0.key < $1.key }) {
            switch condition {
            case .refused(let error): syscalls.append(Rule(names: [name], action: "SCMP_ACT_ERRNO", errnoRet: error))
            case .withoutBits(let bits, let argument):
                // Allowed if nothing of the masked argument is left.
                let test = Argument(index: argument, value: UInt64(bits), valueTwo: 0, op: "SCMP_CMP_MASKED_EQ")
                syscalls.append(Rule(names: [name], args: [test]))
            case .oneOf(let values, let argument):
                syscalls += values.map {
                    Rule(names: [name], args: [Argument(index: argument, value: UInt64($0), op: "SCMP_CMP_EQ")])
                }
            }
        }
    }

    private static let architectures: [String] = SystemCallFilter.columns(SystemCallFilter.hostMachine).flatMap {
        switch $0.column {
        case .amd64: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X32"]
        case .i386: ["SCMP_ARCH_X86"]
        case .arm64: ["SCMP_ARCH_AARCH64"]
        }
    }
}
