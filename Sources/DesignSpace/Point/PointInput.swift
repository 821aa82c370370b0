import Architecture
import Foundation
import InstructionTrace
import ModelCompiler

/// An input of points, opened once: a trace, or a model and the traces it was compiled to.
final class PointInput {
  private enum Content {
    case trace(TraceFile)
    case model(Model)
  }

  let path: String
  /// The trace's own digest; of a model that of its file's text and of how it is compiled.
  let digest: String
  private let content: Content
  private let cuts: CutChoice
  /// The last compiled trace: neighbouring points often share a shape.
  private var latest: (path: String, trace: TraceFile)?

  /// Whether a file is a layer table, to be compiled.
  static func isModel(_ path: String) -> Bool { path.hasSuffix(".csv") }

  /// - Throws: `TraceError`, `CompileError`.
  init(path: String, cuts: CutChoice) throws {
    self.path = path
    self.cuts = cuts
    guard Self.isModel(path) else {
      let trace = try TraceFile(path: path)
      digest = trace.digest.description
      content = .trace(trace)
      return
    }
    let model = try ModelReader.read(file: path)
    var hash = ContentHash()
    hash.add(String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self))
    hash.add(cuts.rawValue)
    digest = hash.digits
    content = .model(model)
  }

  /// The trace for a machine. A model is compiled into `folder`, unless the same trace is there already.
  /// - Throws: `CompileError`, `TraceError`.
  func trace(for machine: MachineSpec, in folder: String, executable: String) throws -> TraceFile {
    switch content {
    case .trace(let trace): return trace
    case .model(let model):
      let place = try place(for: machine, in: folder, executable: executable)
      if let latest, latest.path == place { return latest.trace }
      if !FileManager.default.fileExists(atPath: place) {
        var options = CompileOptions()
        options.command = "palsim compile \(URL(fileURLWithPath: path).lastPathComponent) --cuts \(cuts.rawValue)"
        options.trial = cuts.trial(on: machine, sideBySide: 1)  // a core a worker
        try ModelCompiler.compile(model: model, machine: machine, options: options, to: place)
      }
      let trace = try TraceFile(path: place)
      latest = (place, trace)
      return trace
    }
  }

  private func place(for machine: MachineSpec, in folder: String, executable: String) throws -> String {
    var hash = ContentHash()
    hash.add(digest)
    // A trial sees all of the machine.
    hash.add(cuts == .timed ? Configuration.resolvedTOML(machine) : try ModelCompiler.view(of: machine))
    hash.add(executable)
    return "\(folder)/\(hash.digits).pal.gz"
  }
}
