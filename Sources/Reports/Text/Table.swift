/// Aligned columns, two spaces apart, indented by two spaces.
public struct Table {
    let rows: [[String]]
    let rightAligned: Set<Int>

    /// - Parameter rightAligned: indices of columns that hold numbers.
    public init(_ rows: [[String]], rightAligned: Set<Int> = []) {
        // A line end would let a cell's text pass for another line.
        self.rows = rows.map { $0.map { $0.utf8.contains(where: { $0 < 0x20 && $0 != 0x1b }) ? Self.flat($0) : $0 } }
        self.rightAligned = rightAligned
    }

    private static func flat(_ text: String) -> String {
        text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
    }

    /// The least that a column is cut to.
    private static let narrowest = 12

    /// The lines, in which cells are cut so that none is longer. The first column, which has the names, is not cut; of
    /// the others the widest are cut first.
    public func lines(within width: Int) -> [String] {
        var widths = widths
        // Two spaces before each column.
        while widths.reduce(0, { $0 + $1 + 2 }) > width, let widest = widths.dropFirst().max(),
            widest > Self.narrowest, let column = widths.lastIndex(of: widest), column > 0
        {
            widths[column] -= 1
        }
        let cut = rows.map { row in
            row.enumerated().map { column, text in
                text.count <= widths[column] ? text : text.prefix(max(0, widths[column] - 1)) + "…"
            }
        }
        return Table(cut, rightAligned: rightAligned).lines
    }

    private var widths: [Int] {
        (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.map { column < $0.count ? Paint.width($0[column]) : 0 }.max() ?? 0
        }
    }

    public var lines: [String] {
        let widths = widths
        return rows.map { row in
            // No trailing spaces after the last text of a row.
            let end = row.lastIndex { !$0.isEmpty } ?? -1
            var line = " "
            for (column, text) in row.prefix(end + 1).enumerated() {
                let padding = String(repeating: " ", count: widths[column] - Paint.width(text))
                let right = rightAligned.contains(column)
                line += " " + (right ? padding + text : column == end ? text : text + padding + " ")
                if right && column != end { line += " " }
            }
            return line
        }
    }
}
