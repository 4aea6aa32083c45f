import Testing

@Suite(
    "More work for probes that repeat things", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct ScaleTests {
    @Test(
        "500 short processes and 10,000 directory entries are established",
        arguments: [("process.churn", "13"), ("file.directory", "10"), ("thread.churn", "4")])
    func scaled(probe: String, scale: String) throws {
        let outcome = try Machine().assay(
            "probe", probe, "--scale", scale, "--timeout", "30", "--interpreter", PrivateHost.qemu!, "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.report.outcomes(in: "direct") == ["pass"])
    }

    @Test("a scale that the probe program would refuse is a usage error", arguments: ["0", "21", "x"])
    func refused(scale: String) throws {
        #expect(try Machine().assay("probe", "process.churn", "--scale", scale).status == 64)
    }
}
