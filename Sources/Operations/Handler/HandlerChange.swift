import Binfmt
import Glibc

/// Steps that belong together: all of them are made, or none.
public struct HandlerChange: Sendable {
    struct Step: Sendable {
        var operation: HandlerOperation
        /// The operations that undo it, in their order.
        var undo: [HandlerOperation]

        /// Whether undoing it only removes what it added.
        var isAddition: Bool { !undo.isEmpty && undo.allSatisfy(\.takesAway) }
    }

    var steps: [Step] = []
    /// What the caller should know besides.
    public var notes: [String] = []
    /// What holds once the change is made, in one line.
    public var outcome = ""
    /// Whether what it mounts ends with this program's container, so that nobody has to unmount it.
    var mountsEndByThemselves = false
    /// The words, behind this program's path, that take the change back; nil if there are none.
    public var undoCommand: String?

    /// Whether it removes an entry that may not come back as it was.
    var isFinal: Bool {
        steps.contains { $0.operation.isUnregistering && ($0.undo.isEmpty || $0.undo.contains(where: \.isInVain)) }
    }

    /// Whether there is nothing to do.
    public var isEmpty: Bool { steps.isEmpty }

    /// What is written and run, as a person would type it.
    public var commands: [String] { steps.map(\.operation.command) }

    /// How to take it back by hand, the last step first.
    public var undo: [String] {
        steps.reversed().flatMap(\.undo)
            .filter { !$0.isInVain && (!mountsEndByThemselves || !$0.isUnmounting) }.map(\.command)
    }

    mutating func add(_ operation: HandlerOperation, undo: HandlerOperation...) {
        steps.append(Step(operation: operation, undo: undo))
    }

    /// Makes the change, then lets `verify` check the result.
    ///
    /// - Throws: what a step or `verify` threw, after undoing everything; `Stranded` if undoing failed too.
    public func apply(verify: () throws -> Void = {}) throws {
        var done: [Step] = []
        do {
            for step in steps {
                try step.operation.perform()
                done.append(step)
            }
            try verify()
        } catch {
            try Self.undo(done, because: error)
            throw error
        }
    }

    private static func undo(_ done: [Step], because cause: any Error) throws {
        let operations = done.reversed().flatMap(\.undo)
        for (index, operation) in operations.enumerated() {
            do {
                try operation.perform()
            } catch let error as RegistryError where error.error == ENOENT && operation.isUnregistering {
                continue  // it is gone, as it should be
            } catch {
                throw Stranded(
                    cause: "\(cause)", failure: "\(error)", left: operations[index...].map(\.command))
            }
        }
    }

    /// A change that failed half-way, and could not be undone.
    public struct Stranded: Error, CustomStringConvertible {
        let cause: String
        let failure: String
        /// The commands that are left to type.
        let left: [String]

        public var description: String {
            "\(cause)\nand undoing what was done failed: \(failure)\nstill to be typed, as root:\n"
                + left.map { "  \($0)" }.joined(separator: "\n")
        }
    }
}
