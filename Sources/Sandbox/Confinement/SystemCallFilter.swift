import CSandbox
import Glibc
import Processes

/// A condition on a system call's arguments.
enum SystemCallCondition: Equatable {
    /// The call fails with this errno, whatever its arguments.
    case refused(Int32)
    /// No bit of the mask is set; else EPERM.
    case withoutBits(UInt32, argument: UInt32)
    /// The argument is one of the values; else EPERM.
    case oneOf([UInt32], argument: UInt32)
}

/// A filter program for seccomp(2), made from `SystemCallTable`. It needs no library, and only seccomp(2) between clone
/// and exec.
///
/// <https://docs.kernel.org/userspace-api/seccomp_filter.html>
enum SystemCallFilter {
    /// The kinds of system calls that a machine's kernel takes, each with its `AUDIT_ARCH_*` of linux/audit.h.
    static func columns(_ machine: String) -> [(architecture: UInt32, column: SystemCallTable.Column)] {
        switch machine {
        case "x86_64": [(0xc000_003e, .amd64), (0x4000_0003, .i386)]
        case "aarch64": [(0xc000_00b7, .arm64)]
        default: []
        }
    }

    /// The filter for this host. A call of another architecture kills the process.
    static let program: [assay_instruction] = program(machine: hostMachine)

    static func program(machine: String) -> [assay_instruction] {
        var program = [load(4)]
        for (architecture, column) in columns(machine) {
            let body = body(column)
            program += [jump(equal, architecture, 1, 0), skip(body.count)] + body
        }
        return program + [.init(code: give, jt: 0, jf: 0, k: killProcess)]
    }

    private static func body(_ column: SystemCallTable.Column) -> [assay_instruction] {
        var segments = segments(column)
        guard column == .amd64 else { return [load(0)] + tree(segments[...]) }
        // x32 calls have the same numbers with bit 30 set. It also has numbers of its own: kexec_load (528) and
        // move_pages (533) of them are refused.
        let last = segments.removeLast()
        segments += [
            last, Segment(512, [allowed]), Segment(528, [refused(EPERM)]), Segment(529, [allowed]),
            Segment(533, [refused(EPERM)]), Segment(534, [allowed]), Segment(548, [refused(ENOSYS)]),
        ]
        return [load(0), .init(code: and, jt: 0, jf: 0, k: ~0x4000_0000)] + tree(segments[...])
    }

    /// What is done with the numbers from `first` up to the next segment.
    private struct Segment {
        let first: UInt32
        let code: [assay_instruction]

        init(_ first: UInt32, _ code: [assay_instruction]) { (self.first, self.code) = (first, code) }
    }

    private static func segments(_ column: SystemCallTable.Column) -> [Segment] {
        var answers: [UInt32: [assay_instruction]] = [:]
        for (name, number) in SystemCallTable.numbers(column) {
            answers[number] = SystemCallTable.conditions[name].map(code) ?? [allowed]
        }
        let past = max(SystemCallTable.newest, answers.keys.max() ?? 0) + 1
        var segments: [Segment] = []
        for number in 0...past {
            let code = answers[number] ?? [refused(number <= SystemCallTable.newest ? EPERM : ENOSYS)]
            if let last = segments.last, last.code.count == 1, code.count == 1, last.code[0].k == code[0].k { continue }
            segments.append(Segment(number, code))
        }
        return segments
    }

    /// A binary search: about ten comparisons for any call.
    private static func tree(_ segments: ArraySlice<Segment>) -> [assay_instruction] {
        if segments.count == 1 { return segments[segments.startIndex].code }
        let middle = segments.startIndex + segments.count / 2
        let (below, above) = (tree(segments[..<middle]), tree(segments[middle...]))
        let first = segments[middle].first
        // A conditional jump skips at most 255 instructions.
        if below.count < 256 { return [jump(atLeast, first, below.count, 0)] + below + above }
        return [jump(atLeast, first, 0, 1), skip(below.count)] + below + above
    }

    private static func code(_ condition: SystemCallCondition) -> [assay_instruction] {
        // Loads the lower half of an argument: the kernel looks at no more in these calls.
        func argument(_ number: UInt32) -> assay_instruction { load(16 + 8 * number) }
        switch condition {
        case .refused(let error): return [refused(error)]
        case .withoutBits(let bits, let number):
            return [argument(number), jump(anyBit, bits, 0, 1), refused(EPERM), allowed]
        case .oneOf(let values, let number):
            let tests = values.enumerated().map { jump(equal, $1, values.count - $0, 0) }
            return [argument(number)] + tests + [refused(EPERM), allowed]
        }
    }

    // From linux/bpf_common.h and linux/seccomp.h, whose macros Swift cannot import.
    private static let and: UInt16 = 0x54
    private static let give: UInt16 = 0x06
    private static let equal: UInt16 = 0x15
    private static let atLeast: UInt16 = 0x35
    private static let anyBit: UInt16 = 0x45
    private static let killProcess: UInt32 = 0x8000_0000
    private static let allowed = assay_instruction(code: give, jt: 0, jf: 0, k: 0x7fff_0000)

    private static func refused(_ error: Int32) -> assay_instruction {
        .init(code: give, jt: 0, jf: 0, k: 0x0005_0000 | UInt32(error))
    }

    private static func load(_ offset: UInt32) -> assay_instruction { .init(code: 0x20, jt: 0, jf: 0, k: offset) }

    private static func skip(_ count: Int) -> assay_instruction { .init(code: 0x05, jt: 0, jf: 0, k: UInt32(count)) }

    private static func jump(_ code: UInt16, _ value: UInt32, _ yes: Int, _ no: Int) -> assay_instruction {
        .init(code: code, jt: UInt8(yes), jf: UInt8(no), k: value)
    }

    /// The machine's name by uname(2).
    static let hostMachine = KernelNames.machine
}
