public import Files

/// Why the registry, or a file that is read at boot, was left unchanged.
public struct HandlerRefusal: InputError, Sendable, Equatable, CustomStringConvertible {
    /// Why it was refused, which decides the exit status.
    public enum Code: Sendable {
        /// The state of the host forbids it: exit status 1.
        case refused
        /// The kernel or a program refused, or nothing could be found out: exit status 2.
        case impossible
        /// The named file does not exist, or cannot be read: exit status 66.
        case absent
    }

    public var code: Code
    /// What was to be done: `register NAME`.
    public var action: String
    public var expected: String
    public var found: String
    /// What to type or change.
    public var advice: String?

    init(
        _ action: String, code: Code = .refused, expected: String, found: String, advice: String? = nil
    ) {
        self.code = code
        self.action = action
        self.expected = expected
        self.found = found
        self.advice = advice
    }

    public var lacksInput: Bool { code == .absent }

    public var description: String {
        let verb = code != .impossible ? "will not" : "cannot"
        return "\(verb) \(action): expected \(expected); found \(found)" + (advice.map { "; \($0)" } ?? "")
    }
}
