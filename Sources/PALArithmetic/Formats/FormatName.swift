/// A format together with the way scales are chosen, as one name says it: `pal8`, `int8`, `mxfp8-e4m3`.
public struct FormatChoice: Hashable, Sendable {
  /// The word format.
  public let format: NumberFormat
  /// True for the names that begin with `mx`: blocks of 32 under the OCP scale rule.
  public let isMicroscaling: Bool

  /// The name.
  public var name: String { isMicroscaling ? "mx" + format.name : format.name }

  /// A format, under the OCP microscaling rules or not.
  public init(_ format: NumberFormat, isMicroscaling: Bool = false) {
    self.format = format
    self.isMicroscaling = isMicroscaling
  }

  /// The formats that have a fixed name.
  public static let named: [FormatChoice] =
    PALFormat.named.map { FormatChoice(.pal($0.format)) }
    + [
      FormatChoice(.integer(.int4)), FormatChoice(.integer(.int8)),
      FormatChoice(.float(.e2m1)), FormatChoice(.float(.e4m3)), FormatChoice(.float(.e5m2)),
      FormatChoice(.float(.bf16)), FormatChoice(.float(.fp16)), FormatChoice(.float(.fp32)),
      FormatChoice(.integer(.int8), isMicroscaling: true), FormatChoice(.float(.e2m1), isMicroscaling: true),
      FormatChoice(.float(.e4m3), isMicroscaling: true), FormatChoice(.float(.e5m2), isMicroscaling: true),
      FormatChoice(.elma(.elma8)), FormatChoice(.elma(.elma16)),
    ]

  /// Other spellings people use.
  private static let aliases = [
    "e4m3": "fp8-e4m3", "e5m2": "fp8-e5m2", "e2m1": "fp4-e2m1", "fp4": "fp4-e2m1", "fp8": "fp8-e4m3",
    "bfloat16": "bf16", "float16": "fp16", "half": "fp16", "float32": "fp32", "mxfp4": "mxfp4-e2m1",
    "mxfp8": "mxfp8-e4m3",
  ]

  /// The format of a name: a fixed name, `pal<bits>g<gamma>` for every other PAL member,
  /// `mdlns-<A>-<B>-d<base>` or `mdlns-<A>-<B>-r<gamma>` (second base 2^(1/gamma): the PAL member with the same words).
  ///
  /// - Throws: `FormatError` with the nearest fixed name when the name is not known.
  public init(named name: String) throws {
    let lower = name.lowercased()
    let canonical = Self.aliases[lower] ?? lower
    if let choice = Self.named.first(where: { $0.name == canonical }) {
      self = choice
    } else if let format = try Self.parametric(canonical) {
      self.init(format)
    } else {
      let nearest = NearestName.of(canonical, among: Self.named.map(\.name) + Self.aliases.keys.sorted())
      throw FormatError(
        "unknown number format '\(name)'; did you mean '\(nearest)'? `palsim pal formats` lists them all")
    }
  }

  private static func parametric(_ name: String) throws -> NumberFormat? {
    if name.hasPrefix("pal") {
      let parts = name.dropFirst(3).split(separator: "g", omittingEmptySubsequences: false)
      guard parts.count == 2, let bits = Int(parts[0]), let gamma = Int(parts[1]) else { return nil }
      return .pal(try member(bits: bits, gamma: gamma))
    }
    if name.hasPrefix("mdlns-") { return try twoBase(name) }
    return nil
  }

  private static func member(bits: Int, gamma: Int) throws -> PALFormat {
    guard gamma > 0, gamma & (gamma - 1) == 0 else {
      throw FormatError("gamma is a power of two, found \(gamma)")
    }
    return try PALFormat(bits: bits, fractionBits: gamma.trailingZeroBitCount)
  }

  private static func twoBase(_ name: String) throws -> NumberFormat? {
    let parts = name.split(separator: "-")
    guard parts.count == 4, let binary = Int(parts[1]), let second = Int(parts[2]) else { return nil }
    if parts[3].hasPrefix("r"), let gamma = Int(parts[3].dropFirst()) {
      guard (0...15).contains(second), gamma == 1 << second else {
        throw FormatError("second base 2^(1/\(gamma)) needs gamma = 2^\(second) in a field of \(second) bits")
      }
      return .pal(try member(bits: 1 + binary + second, gamma: gamma))
    }
    guard parts[3].hasPrefix("d"), let base = Double(parts[3].dropFirst()) else { return nil }
    return .mdlns(try MDLNSFormat(binaryBits: binary, secondBits: second, base: base))
  }
}

/// The legal name nearest to what was typed.
public enum NearestName {
  /// The candidate with the smallest edit distance, the first of equals; empty without candidates.
  public static func of(_ name: String, among candidates: [String]) -> String {
    candidates.min { distance(name, $0) < distance(name, $1) } ?? ""
  }

  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
