/// A member of the PAL family: words of one sign bit and a logarithmic code.
///
/// A word is `s | e`: sign s, code e of n-1 bits. Code 0 is zero whatever the sign; e >= 1 means
/// (-1)^s * 2^(S + (e - E) / gamma), where S is the scale kept beside the words and E = 2^(n-1) - 1 is the top code,
/// worth exactly 2^S. There is no infinity, no NaN and no reserved code.
///
/// No public document gives the bit layout of the PAL format the name refers to: this family is a declared model.
public struct PALFormat: Hashable, Sendable {
  /// Word length n in bits, 2...16.
  public let bits: Int

  /// log2 of gamma, the number of codes in an octave; 0...n-1.
  public let fractionBits: Int

  /// Any legal member.
  ///
  /// - Throws: `FormatError` when `bits` is outside 2...16 or `fractionBits` outside 0...bits-1.
  public init(bits: Int, fractionBits: Int) throws {
    guard (2...16).contains(bits) else {
      throw FormatError("a PAL word has 2 to 16 bits, found \(bits)")
    }
    guard (0..<bits).contains(fractionBits) else {
      throw FormatError("a PAL\(bits) word has gamma 1 to \(1 << (bits - 1)), found log2 gamma = \(fractionBits)")
    }
    self.init(legalBits: bits, fractionBits: fractionBits)
  }

  private init(legalBits bits: Int, fractionBits: Int) {
    self.bits = bits
    self.fractionBits = fractionBits
  }

  /// 4 bits, gamma 1: six octaves.
  public static let pal4w = PALFormat(legalBits: 4, fractionBits: 0)
  /// 4 bits, gamma 2: three octaves; the default 4-bit member.
  public static let pal4 = PALFormat(legalBits: 4, fractionBits: 1)
  /// 8 bits, gamma 8: 15.75 octaves; the default 8-bit member.
  public static let pal8 = PALFormat(legalBits: 8, fractionBits: 3)
  /// 8 bits, gamma 16: 7.9 octaves, one bit finer than `pal8`.
  public static let pal8f = PALFormat(legalBits: 8, fractionBits: 4)
  /// 14 bits, gamma 128: the member of the BF16 class.
  public static let pal14 = PALFormat(legalBits: 14, fractionBits: 7)
  /// 16 bits, gamma 256: the default 16-bit member.
  public static let pal16 = PALFormat(legalBits: 16, fractionBits: 8)
  /// 16 bits, gamma 1024: the member of the FP16 class.
  public static let pal16f = PALFormat(legalBits: 16, fractionBits: 10)

  /// The members that have a name of their own.
  public static let named: [(name: String, format: PALFormat)] = [
    ("pal4w", .pal4w), ("pal4", .pal4), ("pal8", .pal8), ("pal8f", .pal8f),
    ("pal14", .pal14), ("pal16", .pal16), ("pal16f", .pal16f),
  ]

  /// The member's own name, or `pal<bits>g<gamma>`.
  public var name: String {
    Self.named.first { $0.format == self }?.name ?? "pal\(bits)g\(gamma)"
  }

  /// Codes in an octave: the step between neighbours is a factor of 2^(1/gamma).
  public var gamma: Int { 1 << fractionBits }

  /// E = 2^(n-1) - 1, the code of exactly 2^S.
  public var topCode: Int { (1 << (bits - 1)) - 1 }

  /// The bit of the sign in a word.
  public var signMask: UInt16 { 1 << UInt16(bits - 1) }

  /// The bits of the code in a word.
  public var codeMask: UInt16 { signMask - 1 }

  /// The word of a sign and a code in 0...topCode; zero is always the word 0.
  public func word(negative: Bool, code: Int) -> UInt16 {
    code == 0 ? 0 : UInt16(code) | (negative ? signMask : 0)
  }

  /// The code e of a word.
  public func code(_ word: UInt16) -> Int { Int(word & codeMask) }

  /// Whether a word is below zero; both zeros are not.
  public func isNegative(_ word: UInt16) -> Bool { word & signMask != 0 && word & codeMask != 0 }

  /// log2 of largest over smallest positive value.
  public var octaves: Double { Double(topCode - 1) / Double(gamma) }
}

/// A format, a setting or an operand that is not legal; the message says what was found and what is expected.
public struct FormatError: Error, CustomStringConvertible, Equatable {
  /// The whole message, one line.
  public let description: String

  /// An error with this message.
  public init(_ description: String) { self.description = description }
}
