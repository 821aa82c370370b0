import Architecture
import Foundation
import Simulator

/// How levels of parents become levels of children: ordered axes by simulated binary crossover and polynomial mutation on
/// the number of the level, others (configurations, inputs, words) by taking a parent's or any.
struct Variation {
  private let sizes: [Int]
  private let isOrdered: [Bool]

  /// Distribution indices: the larger, the nearer children are to their parents. Deb's usual values.
  private static let crossoverIndex = 15.0
  private static let mutationIndex = 20.0
  private static let crossoverProbability = 0.9

  init(_ space: SweepSpace, sizes: [Int]) {
    self.sizes = sizes
    isOrdered =
      [false, false]
      + space.axes.map { axis in
        axis.keys.allSatisfy { (try? ConfigurationKey($0, origin: axis.origin))?.isNumeric ?? false }
      }
  }

  /// A child of two.
  func crossed(_ mother: [Int], _ father: [Int], _ generator: inout SplitMix64) -> [Int] {
    guard Double.random(in: 0..<1, using: &generator) < Self.crossoverProbability else { return mother }
    return sizes.indices.map { axis in
      let parents = Bool.random(using: &generator) ? (mother[axis], father[axis]) : (father[axis], mother[axis])
      guard isOrdered[axis], parents.0 != parents.1 else { return parents.0 }
      let draw = Double.random(in: 0..<1, using: &generator)
      let power = 1 / (Self.crossoverIndex + 1)
      let spread = draw <= 0.5 ? pow(2 * draw, power) : pow(1 / (2 - 2 * draw), power)
      let child = 0.5 * ((1 + spread) * Double(parents.0) + (1 - spread) * Double(parents.1))
      return clamped(child.rounded(), axis)
    }
  }

  /// Changes each axis with probability one over their number; an ordered one by at least one level.
  func mutated(_ levels: [Int], _ generator: inout SplitMix64) -> [Int] {
    let movable = sizes.count { $0 > 1 }
    return sizes.indices.map { axis in
      guard sizes[axis] > 1, Int.random(in: 0..<movable, using: &generator) == 0 else { return levels[axis] }
      guard isOrdered[axis] else { return Int.random(in: 0..<sizes[axis], using: &generator) }
      let draw = Double.random(in: 0..<1, using: &generator)
      let power = 1 / (Self.mutationIndex + 1)
      let shift = draw < 0.5 ? pow(2 * draw, power) - 1 : 1 - pow(2 - 2 * draw, power)
      let steps = (shift * Double(sizes[axis] - 1)).rounded(.awayFromZero)
      return clamped(Double(levels[axis]) + steps, axis)
    }
  }

  private func clamped(_ level: Double, _ axis: Int) -> Int { min(max(Int(level), 0), sizes[axis] - 1) }
}
