import Binfmt
import Findings
import SystemPackage

/// Machine instructions for the host that this program was compiled for. They make the programs of drills.
enum HostCode {
    /// - Throws: `Errno.invalidArgument` if the instructions here are no hexadecimal, which a test rules out.
    static func bytes(of code: Drill.Step.Code) throws -> [UInt8] { try bytes(words(code)) }

    /// A program that calls `execve(path, argv, envp)` with its own arguments and environment, and exits with 127 if
    /// that fails.
    static func executing(_ path: String) throws -> [UInt8] { try bytes(execute) + Array(path.utf8) + [0] }

    private static func bytes(_ words: [String]) throws -> [UInt8] {
        guard let bytes = Handler.bytes(hexadecimal: words.joined()) else { throw Errno.invalidArgument }
        return bytes
    }

    #if arch(arm64)
        private static func words(_ code: Drill.Step.Code) -> [String] {
            switch code {
            // udf #0
            case .illegalInstruction: ["00000000"]
            // mov x0 to x3, #0; mov x8, ppoll; svc #0; b to the first
            case .waitsForEver:
                ["000080d2", "010080d2", "020080d2", "030080d2", "280980d2", "010000d4", "faffff17"]
            // mov x0, #0; mov x8, exit; svc #0
            case .exits0: ["000080d2", "a80b80d2", "010000d4"]
            }
        }

        // adr x0, path; add x1, sp, #8; ldr x2, [sp]; add x2, x1, x2, lsl #3; add x2, x2, #8; mov x8, execve; svc #0;
        // mov x0, #127; mov x8, exit; svc #0; path
        private static let execute = [
            "40010010", "e1230091", "e20340f9", "220c028b", "42200091", "a81b80d2", "010000d4", "e00f80d2", "a80b80d2",
            "010000d4",
        ]
    #else
        private static func words(_ code: Drill.Step.Code) -> [String] {
            switch code {
            // ud2
            case .illegalInstruction: ["0f0b"]
            // mov eax, pause; syscall; jmp to the first
            case .waitsForEver: ["b822000000", "0f05", "ebf7"]
            // mov eax, exit; xor edi, edi; syscall
            case .exits0: ["b83c000000", "31ff", "0f05"]
            }
        }

        // lea rdi, [path]; lea rsi, [rsp + 8]; mov rax, [rsp]; lea rdx, [rsp + rax * 8 + 16]; mov eax, execve; syscall;
        // mov edi, 127; mov eax, exit; syscall; path
        private static let execute = [
            "488d3d21000000", "488d742408", "488b0424", "488d54c410", "b83b000000", "0f05", "bf7f000000", "b83c000000",
            "0f05",
        ]
    #endif
}
