import Glibc

/// One kind of input, and what must hold for every input of that kind.
struct FuzzTarget: Sendable {
    let name: String
    /// Traps where something does not hold. What it throws is a refusal, and that is well.
    let run: @Sendable ([UInt8]) throws -> Void

    static let all: [FuzzTarget] = [
        .archive, .artifact, .elf, .gzip, .handler, .journal, .layout, .library, .policy, .report, .scenario, .tap,
        .tar,
    ]

    /// One program for all targets, since linking is what takes long: `ASSAY_FUZZ` names the one that is wanted.
    static let chosen = all.first { target in getenv("ASSAY_FUZZ").map { String(cString: $0) } == target.name }
}

/// What libFuzzer calls first. Without a target the names of all are printed.
///
/// Source: <https://llvm.org/docs/LibFuzzer.html#startup-initialization>
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ values: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> Int32 {
    if FuzzTarget.chosen == nil {
        for target in FuzzTarget.all { print(target.name) }
        exit(0)
    }
    return 0
}

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    try? FuzzTarget.chosen?.run(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

/// Stops the fuzzer, which keeps the input, where something does not hold.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError("does not hold: \(what())") }
}
