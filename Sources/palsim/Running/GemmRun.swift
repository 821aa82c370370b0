import Architecture
import Foundation
import InstructionTrace
import ModelCompiler
import Simulator

/// A matrix product run on a whole machine: pipelined weight-stationary arrays in Gemmini's tiling, others as the compiler
/// cuts it.
struct GemmRun {
  let machine: MachineSpec
  let shape: GEMMShape
  var options = RunOptions()

  /// - Throws: every error of `exitCode(of:)`.
  func report() throws -> GemmReport {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-gemm-\(getpid()).pal.gz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try compile(to: path)
    let trace = try TraceFile(path: path)
    var simulation = try Machine(spec: machine, trace: trace, options: options)
    return report(try simulation.run(), traffic: try traffic(of: trace))
  }

  private func compile(to path: String) throws {
    let (m, n, k) = (Int(shape.m), Int(shape.n), Int(shape.k))
    let model = machine.tiles.first { !$0.arrays.isEmpty }?.arrays[0]
    if model?.dataflow == .weightStationary && model?.overlap == .pipelined {
      try ModelCompiler.compileGemmini(m: m, n: n, k: k, machine: machine, to: path)
    } else {
      try ModelCompiler.compile(model: .gemm(m: m, n: n, k: k), machine: machine, to: path)
    }
  }

  private func report(_ result: RunResult, traffic: GemmTraffic) -> GemmReport {
    func cycles(_ unit: RunResult.UnitCycles, _ cause: Cause) -> Int64 { unit.cycles[Int(cause.rawValue)] }
    let arrays = result.units.filter { $0.name.contains(".mac") && cycles($0, .active) > 0 }
    let compute = arrays.map { cycles($0, .active) + cycles($0, .sramConflict) }
    return GemmReport(
      shape: shape, array: array, arrays: Int64(arrays.count), computeCycles: compute.max() ?? 0,
      conflictCycles: arrays.map { cycles($0, .sramConflict) }.max() ?? 0, totalCycles: result.domains[0].cycles,
      traffic: traffic, conflicts: result.conflicts)
  }

  /// The compiler takes the first tile with an array as its model.
  private var array: MACArraySpec { machine.tiles.first { !$0.arrays.isEmpty }!.arrays[0] }

  /// Elements that the matrix records of the trace move.
  private func traffic(of trace: TraceFile) throws -> GemmTraffic {
    let bits = array.formats.first.flatMap(NumberFormatCatalogue.format)?.bits ?? 8
    var traffic = GemmTraffic()
    var record = Instruction()
    for stream in trace.streams.indices {
      var cursor = try trace.makeCursor(stream: stream)
      while try cursor.next(into: &record) { traffic.add(record, array: array, elementBytes: Int64((bits + 7) / 8)) }
    }
    return traffic
  }
}

extension GemmTraffic {
  fileprivate mutating func add(_ record: Instruction, array: MACArraySpec, elementBytes: Int64) {
    switch record.opcode {
    case .preload:
      let elements = record.source.bytes / elementBytes
      if array.dataflow == .inputStationary { readsOfA += elements } else { readsOfB += elements }
    case .matmul:
      let elements = record.source.bytes / elementBytes
      if array.dataflow == .inputStationary { readsOfB += elements } else { readsOfA += elements }
      readsOfB += record.source2.bytes / elementBytes
      add(m: Int64(record.m), n: Int64(record.n), k: Int64(record.k), array.dataflow)
    default: break
    }
  }

  private mutating func add(m: Int64, n: Int64, k: Int64, _ dataflow: Dataflow) {
    writesOfC += m * n
    matmuls += 1
    switch dataflow {
    case .weightStationary: mappedElements += k * n
    case .inputStationary: mappedElements += k * m
    case .outputStationary: mappedElements += m * n
    }
  }
}
