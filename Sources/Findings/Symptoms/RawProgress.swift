import FoundationEssentials

/// What BuildKit writes with `--progress=rawjson`: one object a line, as its Go type `client.SolveStatus` has it. It is
/// told in the plain form, which the reader knows.
struct RawProgress {
    private struct Status: Decodable {
        struct Vertex: Decodable {
            var digest: String, name: String?, completed: String?, error: String?, cached: Bool?
        }
        struct Log: Decodable { var vertex: String, data: Data }
        var vertexes: [Vertex]?
        var logs: [Log]?
    }

    private static let keys = ["{\"vertexes\":", "{\"statuses\":", "{\"logs\":"].map { Array($0.utf8) }
    private static let longest = 1 << 20

    private var numbers: [String: Int] = [:]
    private var ended: Set<String> = []

    /// - Returns: the plain lines; nil if the line is of another form.
    mutating func plain(_ line: some Collection<UInt8>) -> [String]? {
        // A CI engine's time stamp may stand before it.
        guard let start = line.prefix(64).firstIndex(of: UInt8(ascii: "{")),
            Self.keys.contains(where: line[start...].starts(with:)), line.count <= Self.longest,
            let status = try? JSONDecoder().decode(Status.self, from: Data(line[start...]))
        else { return nil }
        var lines: [String] = []
        for vertex in status.vertexes ?? [] where numbers[vertex.digest] == nil {
            numbers[vertex.digest] = numbers.count + 1
            lines.append("#\(numbers.count) \(vertex.name ?? "")")
        }
        for log in status.logs ?? [] {
            let number = numbers[log.vertex] ?? 0
            for text in String(decoding: log.data, as: UTF8.self).split(whereSeparator: \.isNewline) {
                lines.append("#\(number) 0.0 \(text)")
            }
        }
        for vertex in status.vertexes ?? [] {
            guard let number = numbers[vertex.digest], vertex.completed != nil || vertex.error?.isEmpty == false,
                ended.insert(vertex.digest).inserted
            else { continue }
            let error = vertex.error.flatMap { $0.isEmpty ? nil : $0 }
            lines.append(
                "#\(number) " + (error.map { "ERROR: \($0)" } ?? (vertex.cached == true ? "CACHED" : "DONE 0.0s")))
        }
        return lines
    }
}
