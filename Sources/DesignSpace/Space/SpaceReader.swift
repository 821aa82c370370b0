import Architecture
import Foundation
import InstructionTrace
import Simulator

/// Reads a space file. Every fault found is reported, with its line.
struct SpaceReader {
  private var space = SweepSpace()
  private var section: SpaceSection
  private var faults: [Fault]
  /// One a configuration, under the space's settings; empty when one of them is wrong.
  private var machines: [MachineSpec] = []

  /// - Throws: `SweepFault` (66) when the file cannot be read.
  init(path: String) throws {
    let text: String
    do { text = try ConfigurationFile.text(of: path) } catch {
      throw SweepFault(error.description, exitCode: error.exitCode)
    }
    let source = SourceText(text, named: path)
    section = SpaceSection(source.root, path: "")
    faults = source.faults
    space.path = URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// - Throws: `SweepFault` (78) with every fault.
  mutating func read() throws -> SweepSpace {
    guard faults.isEmpty else { throw SweepFault(faults) }
    let stem = URL(fileURLWithPath: space.path).deletingPathExtension().lastPathComponent
    space.name = section.text("name") ?? stem
    space.settings = section.texts("set")
    readConfigurations()
    readInputs()
    readAxes()
    readObjectives()
    readMethod()
    readConditions()
    space.keep = section.choice("keep", SweepPlan.Keep.self) ?? .summary
    space.cuts = section.choice("cuts", CutChoice.self) ?? .estimated
    readIdeal()
    space.slurm = section.take("slurm")
    checkShapes()
    faults += section.finish()
    guard faults.isEmpty else { throw SweepFault(ordered(faults)) }
    space.machines = machines
    return space
  }

  /// By line, each fault once.
  private func ordered(_ faults: [Fault]) -> [Fault] {
    func line(_ fault: Fault) -> Int { if case .file(_, let line) = fault.origin { line } else { .max } }
    var seen: Set<Fault> = []
    return faults.enumerated().sorted { (line($0.element), $0.offset) < (line($1.element), $1.offset) }
      .map(\.element).filter { seen.insert($0).inserted }
  }

  private func path(_ name: String) -> String {
    let folder = URL(fileURLWithPath: space.path).deletingLastPathComponent().path
    return URL(fileURLWithPath: name.hasPrefix("/") ? name : "\(folder)/\(name)").standardizedFileURL.path
  }

  private static func stem(_ path: String) -> String {
    String(URL(fileURLWithPath: path).lastPathComponent.prefix { $0 != "." })
  }

  // MARK: What is run

  private mutating func readConfigurations() {
    space.configurations = section.texts("config").map(path)
    if space.configurations.isEmpty { section.fail("config", "is missing: config = \"../big.toml\"") }
    var machines: [MachineSpec] = []
    for path in space.configurations {
      do { machines.append(try Configuration.load(path: path, overrides: space.settings)) } catch {
        faults += error.faults
      }
    }
    if machines.count == space.configurations.count { self.machines = machines }
    checkNames(space.configurations.map(Self.stem), "config")
  }

  private mutating func readInputs() {
    let traces = section.texts("traces").map { SweepSpace.Input(path: path($0), isModel: false, name: Self.stem($0)) }
    let models = section.texts("models").map { SweepSpace.Input(path: path($0), isModel: true, name: Self.stem($0)) }
    space.inputs = traces + models
    if space.inputs.isEmpty { section.fail("models", "is missing: give models (compiled for each machine) or traces") }
    for (place, input) in traces.map({ ("traces", $0) }) + models.map({ ("models", $0) })
    where !FileManager.default.fileExists(atPath: input.path) {
      section.fail(place, "there is no file '\(input.path)'")
    }
    checkNames(space.inputs.map(\.name), traces.isEmpty ? "models" : "traces")
  }

  /// Results tell configurations and inputs apart by name.
  private mutating func checkNames(_ names: [String], _ key: String) {
    for (place, name) in names.enumerated() where names[..<place].contains(name) {
      section.fail(key, "'\(name)' is there twice: results could not tell them apart")
    }
  }

  private mutating func readAxes() {
    guard let node = section.take("axis") else { return }
    guard let items = node.list else { return section.fail("axis", "found \(node.found), expected [[axis]]") }
    guard let machine = machines.first else { return }
    for (index, item) in items.enumerated() {
      var reader = AxisReader(item, path: "axis[\(index)]", machine: machine)
      let (axis, more) = reader.read()
      faults += more
      if let axis { add(axis, item.origin) }
    }
  }

  private mutating func add(_ axis: Axis, _ origin: Origin) {
    let taken = space.axes.map(\.name) + ["configuration", "input"]
    if taken.contains(axis.name) {
      section.fail(origin, axis.name, "is the name of another axis; give this one a name")
    }
    for key in axis.keys where space.axes.contains(where: { $0.keys.contains(key) }) {
      section.fail(origin, key, "is moved by another axis already")
    }
    space.axes.append(axis)
  }

  // MARK: What is wanted

  private mutating func readObjectives() {
    let least = section.texts("minimize").map { Objective(statistic: $0, goal: .minimize) }
    let most = section.texts("maximize").map { Objective(statistic: $0, goal: .maximize) }
    space.objectives = least + most
    for objective in most where least.contains(where: { $0.statistic == objective.statistic }) {
      section.fail("maximize", "'\(objective.statistic)' is minimized too")
    }
    var names = SweepSpace.usualStatistics
    for name in space.objectives.map(\.statistic) + section.texts("statistics") where !names.contains(name) {
      names.append(name)
    }
    space.statistics = names
  }

  private enum MethodName: String, CaseIterable {
    case grid, random, nsga2
    case latinHypercube = "latin-hypercube"
  }

  private mutating func readMethod() {
    guard let node = section.take("search") else { return }
    guard node.table != nil else { return section.fail("search", "found \(node.found), expected a section [search]") }
    var search = SpaceSection(node, path: "search")
    let name = search.choice("method", MethodName.self)
    if name == nil && search.faults.isEmpty {
      search.fail("method", "is missing: grid, random, latin-hypercube or nsga2")
    }
    let seed = UInt64(search.integer("seed", in: 0...Int64.max) ?? 1)
    func count(_ key: String, from least: Int64 = 1) -> Int {
      if node[key] == nil { search.fail(key, "is missing: \(name?.rawValue ?? "") needs it") }
      return Int(search.integer(key, in: least...1_000_000) ?? least)
    }
    switch name {
    case .random: space.method = .random(points: count("points"), seed: seed)
    case .latinHypercube: space.method = .latinHypercube(points: count("points"), seed: seed)
    case .nsga2:
      space.method = .nsga2(population: count("population", from: 4), generations: count("generations"), seed: seed)
      if space.objectives.isEmpty { search.fail("method", "nsga2 needs objectives: minimize or maximize statistics") }
    case .grid, nil: break
    }
    faults += search.finish()
  }

  private mutating func readConditions() {
    for text in section.texts("where") {
      do {
        let constraint = try Constraint(text, origin: section.origin(of: "where"))
        space.constraints.append(constraint)
        checkNames(of: constraint)
      } catch { section.fail("where", "\"\(text)\": \(error.message)") }
    }
  }

  /// Every name must be an axis, a key, or one of the derived figures.
  private mutating func checkNames(of constraint: Constraint) {
    let axes = space.axes.map(\.name) + ["configuration", "input"]
    for (name, column) in constraint.expression.names where !axes.contains(name) && !PointValues.derived.contains(name)
    {
      guard (try? ConfigurationKey(name, origin: constraint.origin)) == nil else { continue }
      let near = Words.nearest(to: name, among: axes + PointValues.derived).map { "; did you mean \"\($0)\"?" }
      let hint = near ?? Self.nearestKey(name)
      section.fail("where", "\"\(constraint.text)\", column \(column): '\(name)' is no axis and no key\(hint)")
    }
  }

  private static func nearestKey(_ name: String) -> String {
    ConfigurationKey.nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  private mutating func readIdeal() {
    space.ideal = section.texts("ideal")
    let known = Idealisation.names.map(\.name)
    for name in space.ideal where !known.contains(name) {
      section.fail("ideal", "'\(name)' is not a part; the parts are \(known.joined(separator: ", "))")
    }
  }

  // MARK: What fits

  /// A trace is compiled for one shape of machine: every configuration must have it, and no axis may change it.
  private mutating func checkShapes() {
    let traces = space.inputs.filter { !$0.isModel }
    guard !traces.isEmpty else { return }
    for axis in space.axes {
      guard let key = axis.keys.first(where: MachineShape.decides) else { continue }
      section.fail(
        axis.origin, key,
        "changes the machine's shape, and '\(traces[0].path)' is a trace, compiled for one shape (tiles, arrays, "
          + "scratchpad, accumulator); give its model, which is compiled for each point: models = [\"MODEL.csv\"]")
    }
    for trace in traces { checkFit(trace) }
  }

  private mutating func checkFit(_ trace: SweepSpace.Input) {
    guard FileManager.default.fileExists(atPath: trace.path) else { return }
    do {
      let file = try TraceFile(path: trace.path)
      for machine in machines {
        let reasons = Simulator.checkFit(
          header: file.header, machine: machine, tiles: file.streams.map(\.key.tile))
        if !reasons.isEmpty {
          section.fail("traces", "'\(trace.path)' does not fit '\(machine.name)': \(reasons.joined(separator: "; "))")
        }
      }
    } catch { section.fail("traces", "\(error)") }
  }
}
