import Architecture
import InstructionTrace

/// What a user may ask of a compilation.
public struct CompileOptions: Sendable {
  public var dialect = TableDialect.palsim
  /// Number format of layers that name none; nil: the array's first.
  public var format: String?
  /// Multiplies the batch of every layer; at least 1.
  public var batch = 1
  /// The command line, for the header.
  public var command = ""
  /// Times the cuts of a matrix product that may be the fastest, each behind the layer before; nil: the estimate alone decides.
  public var trial: Trial?
  public init() {}
}

/// What a compilation made.
public struct CompileSummary: Sendable {
  public struct LayerSummary: Equatable, Sendable {
    public var name: String
    public var kind: String
    public var macs: Int
    public var compulsoryBytes: UInt64
    public var tiling: Tiling
  }
  public var model: Model
  public var layers: [LayerSummary]
  /// Records over all streams.
  public var records: Int
  public var digest: TraceDigest
  public var header: TraceHeader
}

/// Layer tables to instruction traces.
public enum ModelCompiler {
  /// Compiles a layer table for a machine into a trace file. Same input, same bytes.
  ///
  /// - Parameter goesOn: Asked before each layer, and before the trace is written, with how many are mapped and of how many;
  ///   false ends the compilation.
  /// - Throws: `CompileError`: the table is wrong, a layer does not fit, a file cannot be read or written, a trial fails, or it
  ///   is interrupted.
  @discardableResult
  public static func compile(
    file: String, machine: MachineSpec, options: CompileOptions = CompileOptions(), to output: String,
    goesOn: (Int, Int) -> Bool = { _, _ in true }
  ) throws(CompileError) -> CompileSummary {
    let model = try ModelReader.read(file: file, dialect: options.dialect)
    return try compile(model: model, machine: machine, options: options, to: output, goesOn: goesOn)
  }

  /// Compiles a model that was read already.
  ///
  /// - Throws: `CompileError`.
  @discardableResult
  public static func compile(
    model: Model, machine: MachineSpec, options: CompileOptions = CompileOptions(), to output: String,
    goesOn: (Int, Int) -> Bool = { _, _ in true }
  ) throws(CompileError) -> CompileSummary {
    let stopwatch = options.trial.map(Stopwatch.init)
    let plan = try NetworkPlan(model.with(options), target: Target(machine), stopwatch: stopwatch, goesOn: goesOn)
    guard goesOn(plan.model.layers.count, plan.model.layers.count) else { throw .interrupted }
    let (header, records, digest) = try plan.write(options, to: output)
    return CompileSummary(model: plan.model, layers: plan.summaries, records: records, digest: digest, header: header)
  }
}

extension NetworkPlan {
  /// Writes the trace.
  func write(_ options: CompileOptions, to output: String) throws(CompileError) -> (
    header: TraceHeader, records: Int, digest: TraceDigest
  ) {
    // Tile sets stand in the header, before the records that use them: a first pass only collects them.
    let dry = try NetworkEmitter(self) { (_, _) throws(CompileError) in }.emit()
    let header = HeaderBuilder(plan: self, options: options, tileSets: dry.tileSets).header
    let file = try TraceOutput(path: output, header: header, tiles: target.tiles)
    _ = try NetworkEmitter(self) { (record, stream) throws(CompileError) in
      try file.append(record, stream)
    }.emit()
    return (header, dry.records, try file.finish())
  }
}

extension Model {
  /// The model with a compilation's batch and format.
  func with(_ options: CompileOptions) -> Model {
    var model = self
    for index in model.layers.indices {
      model.layers[index].batch *= max(1, options.batch)
      model.layers[index].format = model.layers[index].format ?? options.format
    }
    return model
  }
}

extension NetworkPlan {
  /// What each layer became.
  var summaries: [CompileSummary.LayerSummary] {
    model.layers.indices.map { index in
      let layer = model.layers[index]
      return CompileSummary.LayerSummary(
        name: layer.name, kind: layer.operation.name, macs: layer.macs, compulsoryBytes: compulsoryBytes(index),
        tiling: lowerings[index].tiling)
    }
  }
}

extension ModelCompiler {
  /// Everything a compilation asks of a machine, as text: machines that say the same get the same trace of a model.
  ///
  /// - Throws: `CompileError.doesNotFit` when nothing can be compiled for the machine.
  public static func view(of machine: MachineSpec) throws(CompileError) -> String { "\(try Target(machine))" }
}
