/// One combination of a matrix' values.
struct MatrixCell {
    var interpreter: String?
    var image: String?
    var venue: String?
    var builder: String?
    /// `[chroot,busybox]`; empty without a matrix.
    var suffix = ""

    /// More cases than any scenario has; a few short lists have a product of any size.
    static let most = 10_000

    /// How many combinations there are.
    static func count(_ matrix: Scenario.Matrix?) -> Int {
        [matrix?.interpreter, matrix?.image, matrix?.venue, matrix?.builder].compactMap { $0?.count }.reduce(1) {
            product, count in
            let (value, isHuge) = product.multipliedReportingOverflow(by: count)
            return isHuge ? .max : value
        }
    }

    static func all(_ matrix: Scenario.Matrix?) -> [MatrixCell] {
        guard let matrix else { return [MatrixCell()] }
        var cells: [MatrixCell] = [MatrixCell()]
        func spread(_ values: [String]?, _ key: WritableKeyPath<MatrixCell, String?>) {
            guard let values else { return }
            cells = cells.flatMap { cell in
                values.map { value in
                    var cell = cell
                    cell[keyPath: key] = value
                    cell.suffix += (cell.suffix.isEmpty ? "" : ",") + value
                    return cell
                }
            }
        }
        spread(matrix.interpreter, \.interpreter)
        spread(matrix.image, \.image)
        spread(matrix.venue, \.venue)
        spread(matrix.builder, \.builder)
        return cells.map { cell in
            var cell = cell
            if !cell.suffix.isEmpty { cell.suffix = "[\(cell.suffix)]" }
            if cell.interpreter == "host" { cell.interpreter = nil }
            return cell
        }
    }

    /// The step with this cell's values, and the format's defaults, for what it leaves open.
    func fill(_ step: ScenarioStep) -> ScenarioStep {
        var step = step
        switch step.kind {
        case .probe, .run:
            step.image = step.image ?? image ?? "core"
            if step.image != "host" { step.venue = step.venue ?? venue.map { [$0] } ?? ["container"] }
        case .build: step.builder = step.builder ?? builder.map { [$0] } ?? ["installed"]
        case .inspect, .artifact, .measure: break
        case .fault: step.steps = step.steps?.map(fill)
        }
        return step
    }
}
