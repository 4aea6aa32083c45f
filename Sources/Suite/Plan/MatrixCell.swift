import Evidence
import Probes
import Sandbox
import ScenarioFormat

/// One combination of a matrix' values.
struct MatrixCell {
    var interpreter: String?
    var image: String?
    var venue: Venue?
    var builder: String?
    var platform: String?
    /// `[chroot,busybox]`; empty without a matrix.
    var suffix = ""

    static func all(_ matrix: Scenario.Matrix) -> [MatrixCell] {
        var cells: [MatrixCell] = [MatrixCell()]
        func spread<Value>(
            _ values: [Value]?, _ key: WritableKeyPath<MatrixCell, Value?>, word: (Value) -> String
        ) {
            guard let values else { return }
            cells = cells.flatMap { cell in
                values.map { value in
                    var cell = cell
                    cell[keyPath: key] = value
                    cell.suffix += (cell.suffix.isEmpty ? "" : ",") + word(value)
                    return cell
                }
            }
        }
        spread(matrix.interpreters, \.interpreter) { $0 }
        spread(matrix.images, \.image) { $0 }
        spread(matrix.venues, \.venue, word: \.rawValue)
        spread(matrix.builders, \.builder) { $0 }
        spread(matrix.platforms, \.platform) { $0 }
        return cells.map { cell in
            var cell = cell
            if !cell.suffix.isEmpty { cell.suffix = "[\(cell.suffix)]" }
            if cell.interpreter == "host" { cell.interpreter = nil }
            return cell
        }
    }

    /// Fills in what the step leaves open, from this cell or else the format's defaults.
    func fill(_ step: ScenarioStep) -> ScenarioStep {
        var step = step
        if step.kind != .artifact { step.platform = step.platform ?? platform }
        switch step.action {
        case .probe(var probe):
            probe.image = probe.image ?? image ?? Image.coreName
            probe.venues = probe.venues ?? [venue ?? .container]
            step.action = .probe(probe)
        case .run(var run):
            run.image = run.image ?? image ?? Image.coreName
            if !run.isNative { run.venues = run.venues ?? [venue ?? .container] }
            step.action = .run(run)
        case .build(var build):
            build.builders = build.builders ?? [builder ?? BuildAction.installed]
            step.action = .build(build)
        case .fault(var fault):
            fault.steps = fault.steps?.map(fill)
            step.action = .fault(fault)
        case .artifact(var artifact):
            artifact.platform = artifact.platform ?? platform ?? ArtifactAction.usualPlatform
            step.action = .artifact(artifact)
        case .inspect, .measure: break
        }
        return step
    }
}
