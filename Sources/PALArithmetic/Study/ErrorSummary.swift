#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far computed numbers lie from the truth.
public struct ErrorSummary: Equatable, Sendable {
  /// Numbers compared.
  public private(set) var count = 0
  /// The largest |error| / scale.
  public private(set) var largest = 0.0
  private var total = 0.0
  private var signal = 0.0
  private var noise = 0.0

  /// Nothing compared yet.
  public init() {}

  /// Compares one number; its error counts relative to `scale`, and not at all where that is zero.
  public mutating func add(_ value: Double, truth: Double, scale: Double) {
    count += 1
    let error = abs(value - truth)
    signal += truth * truth
    noise += error * error
    guard scale > 0 else { return }
    largest = max(largest, error / scale)
    total += error / scale
  }

  /// The mean |error| / scale; 0 without numbers.
  public var mean: Double { count == 0 ? 0 : total / Double(count) }

  /// 10 log10 (sum truth^2 / sum error^2) in dB; infinite without any error.
  public var signalToNoise: Double { noise == 0 ? .infinity : 10 * log10(signal / noise) }

  /// The dot product in binary64, term after term.
  public static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// |a| * |b|, what a dot product's error is measured against: a sum near zero does not make an error large.
  public static func norm(_ a: [Double], _ b: [Double]) -> Double { (dot(a, a) * dot(b, b)).squareRoot() }
}
