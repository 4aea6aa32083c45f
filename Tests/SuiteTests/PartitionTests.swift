import Guest
import SystemPackage
import TestSupport
import Testing

@testable import ScenarioFormat
@testable import Suite

@Suite("Shares of a run")
struct PartitionTests {
    @Test("together they are the whole, and no two have anything in common", arguments: ["slice", "hash"], 1...7)
    func disjoint(kind: String, total: Int) throws {
        let files = try ScenarioFile.load(ScenarioFile.find([Repository.folder.appending("Scenarios").string])) {
            name, _ in
            try Repository.catalogue(of: name)
        }
        let whole = try SuitePlan(files, options: SuitePlan.Options(guest: .arm64)).steps.map(\.id)
        try #require(whole.count > files.count)
        let shares = try (1...total).map { number in
            var options = SuitePlan.Options(guest: .arm64)
            options.partition = try #require(Partition("\(kind):\(number)/\(total)"))
            return try SuitePlan(files, options: options).steps
        }
        #expect(shares.flatMap { $0.map(\.id) }.sorted() == whole.sorted())
        // What a step needs is in its own share.
        for share in shares {
            let ids = Set(share.map(\.id))
            for step in share { #expect(ids.isSuperset(of: step.needs)) }
        }
    }

    /// Ids with the share that each has of 2, 3, 5 and 8: FNV-1a with 64 bits, its halves joined by exclusive or, computed by another program.
    private static let hashed = [
        ("a/b", [1, 1, 3, 1]), ("a/c", [2, 3, 3, 8]), ("accept/probe", [1, 3, 5, 7]), ("nightly/build", [2, 1, 1, 6]),
    ]

    @Test("a hash leaves a case where it is, whatever comes before it and on whichever machine", arguments: hashed)
    func stable(id: String, shares: [Int]) {
        for (total, share) in zip([2, 3, 5, 8], shares) {
            for index in 0..<9 {
                let found = (1...total).filter { Partition.hash($0, of: total).includes(index: index, id: id) }
                #expect(found == [share], "of \(total), at place \(index)")
            }
        }
    }

    @Test(
        "anything else is refused",
        arguments: ["slice:0/3", "slice:4/3", "hash:1", "slices:1/2", "slice:1/0", "1/2", ""])
    func refused(text: String) { #expect(Partition(text) == nil) }

    @Test(
        "engines say which share a job has",
        arguments: [
            (["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"], "slice:2/5"),
            (["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "4"], "slice:1/4"),
            (["BUILDKITE_PARALLEL_JOB": "3", "BUILDKITE_PARALLEL_JOB_COUNT": "4"], "slice:4/4"),
            (["CIRCLE_NODE_INDEX": "1", "CIRCLE_NODE_TOTAL": "2"], "slice:2/2"),
            (["SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "8", "SLURM_ARRAY_TASK_MIN": "0"], "slice:8/8"),
            (["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "8", "SLURM_ARRAY_TASK_MIN": "1"], "slice:1/8"),
            (["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "1"], nil),
            (["SLURM_ARRAY_TASK_ID": "10", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_STEP": "5"], "slice:3/4"),
            (["JOB_COMPLETION_INDEX": "0"], nil), ([:], nil),
        ] as [([String: String], String?)])
    func engines(variables: [String: String], share: String?) throws {
        #expect(try Partition.ofEngine { variables[$0] }?.partition.description == share)
    }

    @Test(
        "variables that give no share are refused: each machine would do everything",
        arguments: [
            ["CI_NODE_INDEX": "9", "CI_NODE_TOTAL": "5"], ["CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "5"],
            ["CI_NODE_INDEX": "a", "CI_NODE_TOTAL": "5"], ["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "many"],
            ["SLURM_ARRAY_TASK_ID": "6", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_STEP": "5"],
        ])
    func noShare(variables: [String: String]) {
        let error = #expect(throws: Partition.NoShare.self) { try Partition.ofEngine { variables[$0] } }
        #expect(error.map { "\($0)" }?.contains("--partition none") == true)
    }
}
