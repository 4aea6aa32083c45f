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

    /// The lines, whole. If any is longer than the width, these columns are taken out, and each of their cells stands
    /// below its row, after its column's title. The first row has the titles.
    ///
    /// - Parameter width: nil: there is no limit.
    public func lines(within width: Int?, below columns: [Int]) -> [String] {
        let whole = lines
        guard let width, whole.contains(where: { Paint.width($0) > width }), let titles = rows.first else {
            return whole
        }
        let left = (0..<widths.count).filter { !columns.contains($0) }
        let kept = Table(
            rows.map { row in left.filter(row.indices.contains).map { row[$0] } },
            rightAligned: Set(left.indices.filter { rightAligned.contains(left[$0]) }))
        return zip(rows, kept.lines).enumerated().flatMap { number, pair in
            let (row, line) = pair
            guard number > 0 else { return [line] }
            let below = columns.filter { $0 < row.count && !row[$0].isEmpty }
            return [line] + Table(below.map { ["", "", titles[$0].lowercased(), row[$0]] }).lines
        }
    }

    /// The lines, in which the last column is wrapped at blanks so that none is longer, if its words allow it. Where the
    /// other columns leave less than half of the width, it stands below its row.
    public func lines(wrappedTo width: Int) -> [String] {
        guard let last = widths.indices.last else { return [] }
        let room = width - widths.dropLast().reduce(2) { $0 + $1 + 2 }
        guard room >= width / 2 else {
            let others = Table(rows.map { Array($0.prefix(last)) }, rightAligned: rightAligned).lines
            return zip(rows, others).flatMap { row, line in
                [line] + row.dropFirst(last).flatMap { $0.wrapped(to: width - 6).map { "      " + $0 } }
            }
        }
        let wrapped = rows.flatMap { row -> [[String]] in
            guard row.count > last, Paint.width(row[last]) > room else { return [row] }
            return row[last].wrapped(to: room).enumerated().map { number, text in
                (number == 0 ? Array(row.prefix(last)) : Array(repeating: "", count: last)) + [text]
            }
        }
        return Table(wrapped, rightAligned: rightAligned).lines
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
