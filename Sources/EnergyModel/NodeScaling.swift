import Foundation

/// Carries figures from 7 nm at 0.75 V, where the constants are stated, to another node and voltage.
///
/// Logic follows Stillmaker and Baas (Integration 58, 2017): energy at a node is a V^2 + b V + c with fitted a, b, c.
/// Measured chips scale less than this between 45 nm and 7 nm, so it is the optimistic bound. SRAM follows the measured
/// 45 nm to 7 nm ratios of Horowitz (ISSCC 2014) and Jouppi et al. (ISCA 2021), which depend on the size of the bank.
struct NodeScaling: Equatable, Sendable {
  var nanometres: Double
  var volts: Double

  static let referenceNanometres = 7.0
  static let referenceVolts = 0.75
  /// What the fits and this model cover.
  static let nanometreRange = 1...90
  static let millivoltRange = 450...1200

  /// Stillmaker and Baas, high-performance set: node, a, b, c.
  private static let fits: [(node: Double, a: Double, b: Double, c: Double)] = [
    (7, 0.1776, -0.09097, 0.02447), (10, 0.2068, -0.09311, 0.02375), (14, 0.2363, -0.09675, 0.02239),
    (16, 0.2958, -0.1241, 0.03024), (20, 0.373, -0.1582, 0.04104), (32, 0.8367, -0.4341, 0.1701),
    (45, 1.018, -0.3107, 0.1539),
  ]
  /// 65 nm at 1.1 V against 45 nm at 1.1 V is 1.61, which is (65/45)^1.3.
  private static let exponentAbove45 = 1.3
  /// Accelergy's convention below 7 nm: energy falls with the square root of the node.
  private static let exponentBelow7 = 0.5

  /// Factor on the energy of logic.
  var logic: Double {
    Self.energy(nanometres, volts) / Self.energy(Self.referenceNanometres, Self.referenceVolts)
  }

  /// Factor on the energy of wires: capacitance a millimetre hardly depends on the node, so only the voltage counts.
  var wire: Double { volts * volts / (Self.referenceVolts * Self.referenceVolts) }

  /// Factor on the energy of an SRAM bank of `kibibytes`: measured 45 nm over 7 nm (each at its nominal voltage) to the
  /// power that the node lies between them, and the square of the voltage against the node's nominal one.
  func sram(kibibytes: Double) -> Double {
    let ratio = interpolate(log2(kibibytes), [(3, 1 / 0.75), (5, 1 / 0.43), (10, 1 / 0.14)])
    let share = log(nanometres / Self.referenceNanometres) / log(45 / Self.referenceNanometres)
    let nominal = Self.referenceVolts + max(0, share) * (0.9 - Self.referenceVolts)
    return pow(ratio, share) * volts * volts / (nominal * nominal)
  }

  private static func energy(_ node: Double, _ volts: Double) -> Double {
    if node < 7 { return fit(0, volts) * pow(node / 7, exponentBelow7) }
    if node >= 45 { return fit(fits.count - 1, volts) * pow(node / 45, exponentAbove45) }
    let upper = fits.firstIndex { $0.node > node } ?? fits.count - 1
    let (low, high) = (fits[upper - 1].node, fits[upper].node)
    let share = log(node / low) / log(high / low)
    return pow(fit(upper - 1, volts), 1 - share) * pow(fit(upper, volts), share)
  }

  private static func fit(_ index: Int, _ volts: Double) -> Double {
    let fit = fits[index]
    return fit.a * volts * volts + fit.b * volts + fit.c
  }
}

/// Straight lines between points in ascending order, and beyond them flat.
func interpolate(_ x: Double, _ points: [(x: Double, y: Double)]) -> Double {
  guard let upper = points.firstIndex(where: { $0.x > x }) else { return points[points.count - 1].y }
  if upper == 0 { return points[0].y }
  let (a, b) = (points[upper - 1], points[upper])
  return a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)
}
