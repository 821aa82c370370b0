import InstructionTrace

@testable import ModelCompiler

/// The HBM image of a compiled network, by tensor name.
struct NetworkMemory {
  let network: CompiledNetwork
  var bytes: [UInt8]

  /// Every tensor full of small random values.
  init(_ network: CompiledNetwork, using generator: inout SplitMix64) {
    self.network = network
    bytes = (0..<Int(network.header.requirements.hbmBytes)).map { _ in
      UInt8(bitPattern: Int8.random(in: -9...9, using: &generator))
    }
  }

  func tensor(_ name: String) -> TensorEntry { network.header.tensors.first { $0.name == name }! }

  /// Values of a tensor of one-byte elements, in memory order.
  func values(_ name: String) -> [Int] {
    let entry = tensor(name)
    return (0..<Int(entry.bytes)).map { Int(Int8(bitPattern: bytes[Int(entry.address) + $0])) }
  }

  /// Values of a tensor of four-byte elements.
  func words(_ name: String) -> [Int] {
    let raw = values(name).map { UInt32(UInt8(bitPattern: Int8($0))) }
    return stride(from: 0, to: raw.count, by: 4).map { at in
      Int(Int32(bitPattern: raw[at] | raw[at + 1] << 8 | raw[at + 2] << 16 | raw[at + 3] << 24))
    }
  }

  /// Weights of a matrix layer as [k][n]: in memory they lie by column chunks, each k rows long; for input-stationary arrays
  /// by column chunks, pieces of the reduction, and columns.
  func matrixWeights(_ layer: Int) -> [Int] {
    let plan = (network.plan.lowerings[layer] as! MatrixLowering).plan
    let entry = network.header.tensors[Int(network.plan.operands[layer].weights!)]
    let flat = values(entry.name)
    let chunks = plan.columns.flatMap { $0 }
    let n = chunks.last!.upperBound
    let k = flat.count / n
    var weights = Array(repeating: 0, count: k * n)
    let isByColumns = network.header.requirements.arrays[0].dataflow == "input-stationary"
    let pieces = plan.reduction.map { $0[0].first..<$0.last!.first + $0.last!.count }
    for chunk in chunks {
      for piece in pieces {
        for row in piece {
          for column in chunk {
            let base = k * chunk.lowerBound + piece.lowerBound * chunk.count
            let (x, y) = (column - chunk.lowerBound, row - piece.lowerBound)
            weights[row * n + column] = flat[base + (isByColumns ? x * piece.count + y : y * chunk.count + x)]
          }
        }
      }
    }
    return weights
  }
}
