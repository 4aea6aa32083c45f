import Binfmt
import Glibc

/// Steps that belong together: all of them are made, or none.
public struct HandlerChange: Sendable {
    struct Step: Sendable {
        var operation: HandlerOperation
        /// In the order in which they have to be done.
        var undo: [HandlerOperation]

        /// Taking it back brings nothing back that was there before.
        var isAddition: Bool { !undo.isEmpty && undo.allSatisfy(\.takesAway) }
    }

    var steps: [Step] = []
    /// What the caller ought to know beside.
    public var notes: [String] = []
    /// One line: what holds once the change is made.
    public var outcome = ""
    /// The command of Assay's own that takes the change back; nil where there is none.
    public var undoCommand: String?

    public var isEmpty: Bool { steps.isEmpty }

    /// What is written and run, as a person would type it.
    public var commands: [String] { steps.map(\.operation.command) }

    /// How to take it back by hand: the last step first.
    public var undo: [String] { steps.reversed().flatMap(\.undo).map(\.command) }

    mutating func add(_ operation: HandlerOperation, undo: HandlerOperation...) {
        steps.append(Step(operation: operation, undo: undo))
    }

    /// Makes the change, then asks `verify` whether it is what was wanted.
    ///
    /// - Throws: what a step or `verify` threw, when everything that had been done is undone again; `Stranded` when
    ///   that failed too.
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

    /// A change failed half-way, and could not be undone either.
    public struct Stranded: Error, CustomStringConvertible {
        let cause: String
        let failure: String
        /// What remains to be typed.
        let left: [String]

        public var description: String {
            "\(cause)\nand undoing what was done failed: \(failure)\nstill to be typed, as root:\n"
                + left.map { "  \($0)" }.joined(separator: "\n")
        }
    }
}
