#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Distributions that tensors of neural networks resemble.
public enum Distribution: String, CaseIterable, Sendable {
  /// N(0, 1).
  case normal
  /// Two-sided exponential of scale 1.
  case laplace
  /// Student's t with 3 degrees of freedom: heavy tails.
  case student = "t3"
  /// Uniform on -1...1.
  case uniform
  /// Random sign, log2 of the magnitude uniform on -8...0.
  case loguniform

  /// `count` samples from the seed.
  public func samples(_ count: Int, seed: UInt64) -> [Double] {
    var source = NormalSource(seed: seed)
    return (0..<count).map { _ in sample(&source) }
  }

  private func sample(_ source: inout NormalSource) -> Double {
    switch self {
    case .normal: return source.normal()
    case .laplace: return source.sign() * -log(source.uniform())
    case .student:
      let numerator = source.normal()
      let (a, b, c) = (source.normal(), source.normal(), source.normal())
      return numerator / ((a * a + b * b + c * c) / 3).squareRoot()
    case .uniform: return source.sign() * source.uniform()
    case .loguniform: return source.sign() * exp2(-8 * source.uniform())
    }
  }
}

/// Uniform and normal numbers from SplitMix64; normal by the method of Box and Muller.
struct NormalSource {
  private var generator: SplitMix64
  private var spare: Double?

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// In (0, 1], 53 bits.
  mutating func uniform() -> Double { Double((generator.next() >> 11) + 1) * 0x1p-53 }

  mutating func sign() -> Double { generator.next() >> 63 == 0 ? 1 : -1 }

  mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    let radius = (-2 * log(uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }
}
