import Guest

extension ReportDocument {
    /// What was written before each part named its platform. It is still read.
    static let olderSchema = "assay.report/1"

    /// A document of `olderSchema` as this schema has it: it was about one platform, which the host or the artifacts
    /// name.
    func upgraded() -> ReportDocument {
        var report = self
        report.schema = Self.schema
        let wanted = platform.flatMap { $0.contains("/") ? $0 : nil }
        let own = host.map { $0.olderPlatform.isEmpty ? Guest.standard.platform : $0.olderPlatform } ?? wanted
        report.host?.olderPlatform = ""
        guard let own else { return report }
        for index in report.checks.indices { report.checks[index].platform = own }
        for index in report.findings.indices { report.findings[index].platform = own }
        for index in (report.faults ?? []).indices { report.faults?[index].platform = own }
        for index in (report.host?.handlers ?? []).indices { report.host?.handlers[index].platform = own }
        for index in (report.host?.interpreters ?? []).indices { report.host?.interpreters[index].platform = own }
        // A page of checks that know of no platform is about none.
        let isKnown = !checks.isEmpty
        report.platforms = isKnown ? [report.found((own, duration))] : nil
        return report
    }
}

extension ReportDocument.Host {
    /// The keys of `assay.report/1`, which had one guest.
    private enum OlderKeys: String, CodingKey {
        case handler, interpreter, platform
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decodeIfPresent(String.self, forKey: .name),
            id: try values.decodeIfPresent(String.self, forKey: .id),
            kernel: try values.decode(String.self, forKey: .kernel),
            machine: try values.decode(String.self, forKey: .machine),
            privileged: try values.decode(Bool.self, forKey: .privileged))
        if let handlers = try values.decodeIfPresent([ReportDocument.Handler].self, forKey: .handlers) {
            self.handlers = handlers
            interpreters =
                try values.decodeIfPresent([ReportDocument.Interpreter].self, forKey: .interpreters) ?? []
            return
        }
        let older = try decoder.container(keyedBy: OlderKeys.self)
        handlers = try older.decodeIfPresent(ReportDocument.Handler.self, forKey: .handler).map { [$0] } ?? []
        interpreters =
            try older.decodeIfPresent(ReportDocument.Interpreter.self, forKey: .interpreter).map { [$0] } ?? []
        olderPlatform = try older.decodeIfPresent(String.self, forKey: .platform) ?? ""
    }
}
