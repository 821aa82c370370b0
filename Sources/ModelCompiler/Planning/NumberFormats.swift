import InstructionTrace

/// Number formats by name, and the format table of a header.
struct NumberFormats {
  private static let layouts: [String: (bits: UInt16, layout: String)] = [
    "pal8": (8, "s1 e4 f3"), "fp8": (8, "s1 e4 f3"), "e4m3": (8, "s1 e4 f3"), "e5m2": (8, "s1 e5 f2"),
    "int8": (8, "s1 i7"), "int4": (4, "s1 i3"), "int16": (16, "s1 i15"), "int32": (32, "s1 i31"),
    "bf16": (16, "s1 e8 f7"), "fp16": (16, "s1 e5 f10"), "tf32": (32, "s1 e8 f10"), "fp32": (32, "s1 e8 f23"),
    "pal16": (16, "s1 e5 f10"), "pal4": (4, "s1 e2 f1"),
  ]

  private(set) var entries: [FormatEntry] = []

  /// Index of a format; it joins the table at its first use. Nil when nobody knows its width.
  mutating func index(of name: String) -> UInt8? {
    if let known = entries.firstIndex(where: { $0.name == name }) { return UInt8(known) }
    guard let (bits, layout) = Self.layouts[name.lowercased()] ?? Self.byDigits(name) else { return nil }
    return add(FormatEntry(name: name, bits: bits, layout: layout))
  }

  /// The accumulator's own format.
  mutating func accumulator(bytes: Int) -> UInt8 {
    let name = "acc\(bytes * 8)"
    if let known = entries.firstIndex(where: { $0.name == name }) { return UInt8(known) }
    return add(FormatEntry(name: name, bits: UInt16(bytes * 8), layout: "partial sum"))
  }

  /// Bytes of one element as stored; formats of fewer than 8 bits take a byte.
  func bytes(_ index: UInt8) -> Int { max(1, Int(entries[Int(index)].bits) / 8) }

  static var names: [String] { layouts.keys.sorted() }

  private mutating func add(_ entry: FormatEntry) -> UInt8 {
    entries.append(entry)
    return UInt8(entries.count - 1)
  }

  /// An unknown name that ends in its width: "posit8", "custom16".
  private static func byDigits(_ name: String) -> (UInt16, String)? {
    let digits = name.reversed().prefix { $0.isNumber }.reversed()
    guard digits.count < name.count, let bits = UInt16(String(digits)), [4, 8, 16, 32, 64].contains(bits) else {
      return nil
    }
    return (bits, "\(bits) bits")
  }
}
