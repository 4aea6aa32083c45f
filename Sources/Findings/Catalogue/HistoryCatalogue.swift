extension FindingCode {
    /// Codes about a run beside those before it; nil for others.
    var historyEntry: CatalogueEntry? {
        switch self {
        case .checkSlowerThanUsual:
            CatalogueEntry(
                severity: .warning,
                summary: "a check took more than twice as long as it usually does on this host",
                cause:
                    "The kernel, the interpreter and the handler are those of the earlier runs, so something else takes the time: "
                    + "other work on the machine, a throttled or overcommitted processor, a slow disk, or a cache that was emptied.",
                byHand: "assay history show; cat /proc/pressure/cpu /proc/pressure/io; uptime",
                remedy: "repeat the run while nothing else does (see uptime, /proc/pressure/cpu and /proc/pressure/io)")
        default: nil
        }
    }
}
