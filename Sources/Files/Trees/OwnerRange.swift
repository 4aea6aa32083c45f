/// The ids of this machine that ids 0 and up of an unpacked image map to, as in the image's future user namespace.
public struct OwnerRange: Sendable, Equatable {
    public var user, group, count: UInt32

    public init(user: UInt32, group: UInt32, count: UInt32) {
        self.user = user
        self.group = group
        self.count = count
    }
}
