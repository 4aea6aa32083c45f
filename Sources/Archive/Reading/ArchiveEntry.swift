/// One entry of a tar archive, without its contents.
public struct ArchiveEntry: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case file
        case directory
        /// A symbolic link and its target, uninterpreted.
        case symbolicLink(target: [UInt8])
        /// Another name for an earlier entry.
        case hardLink(target: EntryPath)
        /// A device, fifo or socket.
        case special
    }

    /// A point in time: seconds since 1970 and nanoseconds.
    public struct Time: Sendable, Equatable {
        /// Since 1970-01-01 UTC; negative before.
        public var seconds: Int64
        public var nanoseconds: Int64

        public init(seconds: Int64, nanoseconds: Int64 = 0) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }
    }

    public struct Attribute: Sendable, Equatable {
        public var name: String
        public var value: [UInt8]
    }

    public var path: EntryPath
    public var kind: Kind
    /// The contents' size in bytes.
    public var size: UInt64
    /// Permission bits, with set-user-id, set-group-id and sticky: `07777`.
    public var mode: UInt32
    /// The numeric user id.
    public var owner: UInt32
    /// The numeric group id.
    public var group: UInt32
    public var modified: Time?
    public var attributes: [Attribute]
    /// Whether the contents are stored with holes left out.
    public var isSparse = false
    /// The type in the tar's header. `V`, `A` or `X` if a header of that type is before it.
    public var type = UInt8(ascii: "0")
}
