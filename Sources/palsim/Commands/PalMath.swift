import Foundation

/// The few transcendental functions printed figures need.
enum PalMath {
  static func log2(_ value: Double) -> Double { Foundation.log2(value) }
  static func exp2(_ value: Double) -> Double { Foundation.exp2(value) }
}
