/// Any number format the library knows.
public enum NumberFormat: Hashable, Sendable {
  /// A PAL member.
  case pal(PALFormat)
  /// Two-base logarithmic words.
  case mdlns(MDLNSFormat)
  /// Tapered logarithmic words.
  case elma(ElmaFormat)
  /// Symmetric integers.
  case integer(IntegerFormat)
  /// Binary floating point.
  case float(FloatFormat)

  /// The short name the command line takes.
  public var name: String {
    switch self {
    case .pal(let format): format.name
    case .mdlns(let format): format.name
    case .elma(let format): format.name
    case .integer(let format): "int\(format.bits)"
    case .float(let format): format.name
    }
  }

  /// Word length in bits, without the scale.
  public var bits: Int {
    switch self {
    case .pal(let format): format.bits
    case .mdlns(let format): format.bits
    case .elma(let format): format.bits
    case .integer(let format): format.bits
    case .float(let format): format.bits
    }
  }

  /// Whether the format is normally used with a scale beside it; wide floating point and ELMA are not.
  public var usesScale: Bool {
    switch self {
    case .pal, .mdlns, .integer: true
    case .elma: false
    case .float(let format): format.bits <= 8
    }
  }

  /// The largest finite value at scale 1.
  public var top: Double {
    switch self {
    case .pal, .mdlns: 1
    case .elma(let format): Double(sign: .plus, exponent: format.topExponent, significand: 1)
    case .integer(let format): Double(format.top)
    case .float(let format): format.decode(format.topCode)
    }
  }
}

/// Encodes and decodes words of any one format.
public struct NumberCodec: Sendable {
  /// The format.
  public let format: NumberFormat

  private enum Implementation: Sendable {
    case pal(PALCodec)
    case mdlns(MDLNSCodec)
    case elma(ElmaCodec)
    case integer(IntegerFormat)
    case float(FloatFormat)
  }
  private let implementation: Implementation

  /// A codec of `format`; `underflow` applies to PAL words only.
  public init(_ format: NumberFormat, underflow: UnderflowRule = .half) {
    self.format = format
    implementation =
      switch format {
      case .pal(let format): .pal(PALCodec(format, underflow: underflow))
      case .mdlns(let format): .mdlns(MDLNSCodec(format))
      case .elma(let format): .elma(ElmaCodec(format))
      case .integer(let format): .integer(format)
      case .float(let format): .float(format)
      }
  }

  /// The word of `value` at scale 2^scale.
  public func encode(_ value: Double, scale: Int = 0, tally: inout EncodeTally) -> UInt32 {
    switch implementation {
    case .pal(let codec): UInt32(codec.encode(value, scale: scale, tally: &tally))
    case .mdlns(let codec): UInt32(codec.encode(value, scale: scale, tally: &tally))
    case .elma(let codec): UInt32(codec.encode(value, scale: scale, tally: &tally))
    case .integer(let format): format.encode(value, scale: scale, tally: &tally)
    case .float(let format): format.encode(value, scale: scale, tally: &tally)
    }
  }

  /// The binary64 nearest to a word's value at scale 2^scale.
  public func decode(_ word: UInt32, scale: Int = 0) -> Double {
    switch implementation {
    case .pal(let codec): codec.decode(UInt16(truncatingIfNeeded: word), scale: scale)
    case .mdlns(let codec): codec.decode(UInt16(truncatingIfNeeded: word), scale: scale)
    case .elma(let codec): codec.decode(UInt16(truncatingIfNeeded: word), scale: scale)
    case .integer(let format): format.decode(word, scale: scale)
    case .float(let format): format.decode(word, scale: scale)
    }
  }
}
