/// Findings about a run as a whole, or compared with earlier ones.
extension CatalogueEntry {
    static let checkSlowerThanUsual = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .elsewhere(
            reason:
                "it takes earlier runs to compare with: Tests/HistoryStoreTests records them, and Tests/FindingsTests gives the rule its evidence"
        ),
        summary: "a check took more than twice as long as it usually does on this host",
        cause:
            "The kernel, the interpreter and the handler are those of the earlier runs, so something else takes the time: "
            + "other work on the machine, a throttled or overcommitted processor, a slow disk, or a cache that was emptied.",
        byHand: "assay history show; cat /proc/pressure/cpu /proc/pressure/io; uptime",
        remedy: "repeat the run while nothing else does (see uptime, /proc/pressure/cpu and /proc/pressure/io)")

    static let runnerInterrupted = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .elsewhere(reason: "it takes a signal from outside: Tests/AssayTests/InterruptTests.swift sends them"),
        summary: "the run was interrupted: the report has what was known by then",
        cause:
            "Somebody, or a time limit of the CI system's, sent a signal. What was being judged is broken or missing, and says nothing "
            + "about this host.",
        byHand: "the exit status is 128 and the signal's number: 130 is SIGINT, 143 is SIGTERM",
        remedy: "run it again, with more time")
}
