import ELF
import Testing

@Suite struct ELFHeaderTests {
    @Test func aSyntheticHeaderIsWhatTheKernelsHandlersMatch() throws {
        // The magic and mask that every registrar of qemu-aarch64 writes.
        let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xb7, 0]
        let mask: [UInt8] = [
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff,
            0xff, 0xff,
        ]
        for type in [ELFType.executable, .shared] {
            for abi in [ELFOSABI.systemV, .gnu] {
                let header = ELFHeader.synthetic(machine: .aarch64, type: type, osABI: abi)
                #expect(header.count == 64)
                #expect(zip(header, mask).map { $0 & $1 }.starts(with: zip(magic, mask).map { $0 & $1 }))
                let parsed = try ELFHeader(prefix: header)
                #expect(parsed.target == .arm64)
                #expect(parsed.type == type)
                #expect(parsed.osABI == abi)
            }
        }
        #expect(ELFHeader.synthetic(machine: .aarch64, abiVersion: 2)[8] == 2)
    }

    @Test func aSyntheticHeaderIsReadBackForEveryArchitecture() throws {
        for name in ELFTarget.architectureNames {
            let target = try #require(ELFTarget(architecture: name))
            let header = ELFHeader.synthetic(
                machine: target.machine, elfClass: target.elfClass, byteOrder: target.byteOrder)
            #expect(try ELFHeader(prefix: header).target == target)
        }
    }

    @Test func everyArchitectureHasOneTargetAndBack() {
        for name in ELFTarget.architectureNames {
            #expect(ELFTarget(architecture: name)?.architecture == name)
        }
        #expect(ELFTarget(architecture: "arm64") == .arm64)
        #expect(ELFTarget(architecture: "wasm") == nil)
        #expect(ELFTarget.arm64.description == "AArch64, 64-bit, little-endian")
    }

    @Test func aHeaderCutAnywhereIsATypedError() {
        let header = ELFHeader.synthetic(machine: .aarch64)
        for length in 0..<header.count {
            let error = #expect(throws: ELFError.self) { try ELFHeader(prefix: header[..<length]) }
            #expect(error?.code == (length < 4 ? .notELF : .truncated))
        }
    }

    @Test func bigEndianHeadersAreReadInTheirOrder() throws {
        var header = ELFHeader.synthetic(machine: .aarch64)
        header[5] = 2
        header.replaceSubrange(16..<20, with: [0, 2, 0, 22])
        let parsed = try ELFHeader(prefix: header)
        #expect(parsed.machine == .s390)
        #expect(parsed.type == .executable)
        #expect(parsed.target.architecture == "s390x")
    }

    @Test(arguments: [(4, UInt8(3)), (5, 0), (6, 2)])
    func impossibleIdentitiesAreMalformed(offset: Int, value: UInt8) {
        var header = ELFHeader.synthetic(machine: .aarch64)
        header[offset] = value
        let error = #expect(throws: ELFError.self) { try ELFHeader(prefix: header) }
        #expect(error?.code == .malformed)
        #expect(error?.found == "\(value)")
    }
}
