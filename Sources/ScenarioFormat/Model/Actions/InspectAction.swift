/// Reads the emulation path.
public struct InspectAction: Sendable, Codable {
    /// Only the host can be inspected.
    var subject = "host"

    static let form = Form(
        name: "an inspect step", about: "Reads the emulation path and runs the smallest probe, as assay host does.",
        empty: Self(),
        keys: [
            .required(
                Action.Kind.inspect.rawValue, \.subject, .text(.words("what to inspect: host", ["host"])),
                "host.")
        ])
}
