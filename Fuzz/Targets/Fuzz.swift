import Glibc

/// One kind of input, and what must hold for every input of that kind.
struct FuzzTarget: Sendable {
    let name: String
    /// Traps if something does not hold. A thrown error is a refusal, which is fine.
    let run: @Sendable ([UInt8]) throws -> Void

    static let all: [FuzzTarget] = [
        .archive, .artifact, .cache, .elf, .gzip, .handler, .journal, .layout, .library, .policy, .report, .scenario,
        .tap,
        .tar,
    ]

    /// The target that `ASSAY_FUZZ` names. One program has all targets, since linking takes long.
    static let chosen = all.first { target in getenv("ASSAY_FUZZ").map { String(cString: $0) } == target.name }
}

/// Called by libFuzzer first. Without a chosen target it prints the names of all.
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

/// Called by libFuzzer for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    try? FuzzTarget.chosen?.run(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

/// Stops the fuzzer, which keeps the input, if something does not hold.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError("does not hold: \(what())") }
}
