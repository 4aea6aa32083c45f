import Binfmt
import Findings
import SystemPackage

/// Machine instructions for the host that this program was compiled for. They make the programs of drills.
enum HostCode {
    /// - Throws: `Errno.invalidArgument` if the instructions here are no hexadecimal, which a test rules out.
    static func bytes(of code: Drill.Step.Code) throws -> [UInt8] { try bytes(words(code)) }

    /// A program that calls `execve(path, argv, envp)` with its own arguments and environment, and exits with 127 if
    /// that fails.
    ///
    /// - Parameter memory: how many bytes it touches before, below 4 GiB.
    static func executing(_ path: String, using memory: UInt64 = 0) throws -> [UInt8] {
        (memory == 0 ? [] : try touching(UInt32(truncatingIfNeeded: memory))) + (try bytes(execute))
            + Array(path.utf8) + [0]
    }

    private static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
    }

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

        private static func touching(_ size: UInt32) throws -> [UInt8] {
            // mov x1, #LOW; movk x1, #HIGH, lsl #16
            let low = 0xd280_0001 | (size & 0xffff) << 5
            let high = 0xf2a0_0001 | (size >> 16) << 5
            // mov x0, #0; mov x2, PROT_READ | PROT_WRITE; mov x3, MAP_PRIVATE | MAP_ANONYMOUS; mov x4, #-1; mov x5, #0;
            // mov x8, mmap; svc #0; add x1, x0, x1; touch: strb wzr, [x0]; add x0, x0, #4096; cmp x0, x1; b.lo touch
            return littleEndian(low) + littleEndian(high)
                + (try bytes([
                    "000080d2", "620080d2", "430480d2", "04008092", "050080d2", "c81b80d2", "010000d4", "0100018b",
                    "1f000039", "00044091", "1f0001eb", "a3ffff54",
                ]))
        }
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

        private static func touching(_ size: UInt32) throws -> [UInt8] {
            // mov eax, mmap; xor edi, edi; mov esi, SIZE
            // mov edx, PROT_READ | PROT_WRITE; mov r10d, MAP_PRIVATE | MAP_ANONYMOUS; or r8, -1; xor r9d, r9d; syscall
            // lea rdx, [rax + rsi]; touch: mov byte [rax], 1; add rax, 4096; cmp rax, rdx; jb touch
            try bytes(["b809000000", "31ff", "be"]) + littleEndian(size)
                + bytes(["ba03000000", "41ba22000000", "4983c8ff", "4531c9", "0f05"])
                + bytes(["488d1430", "c60001", "480500100000", "4839d0", "72f2"])
        }
    #endif
}
