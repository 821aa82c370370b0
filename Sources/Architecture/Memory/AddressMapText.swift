/// Address maps as configurations write them: `["channel", "column:3", "bank_group", "column", "bank", "row"]`, least
/// significant first. A field without a number takes the bits that are left of it.
enum AddressMapText {
  /// A slice before the organisation says how many bits its field has.
  struct Part: Equatable {
    let field: AddressMap.Field
    let bits: Int?
  }

  static let fieldNames = AddressMap.Field.allCases.map(\.rawValue)

  static func part(_ text: String) throws(Refusal) -> Part {
    let words = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0).trimmed }
    let field = try field(words[0])
    guard words.count > 1 else { return Part(field: field, bits: nil) }
    guard words.count == 2, let bits = Int(words[1]), 0...40 ~= bits else {
      throw Refusal(message: "found \(TOMLText.quoted(text)); allowed: bits as in \"column:3\", 0 to 40")
    }
    return Part(field: field, bits: bits)
  }

  static func parts(_ texts: [String]) throws(Refusal) -> [Part] {
    var parts: [Part] = []
    for text in texts {
      let part = try part(text)
      if part.bits == nil, parts.contains(where: { $0.field == part.field && $0.bits == nil }) {
        let name = part.field.rawValue
        throw Refusal(
          message: "found \"\(name)\" twice; allowed: one part without bits, as in \"\(name):2\", \"\(name)\"")
      }
      parts.append(part)
    }
    return parts
  }

  /// The slices of a text that `parts` accepts, each rest worked out for a memory.
  static func slices(_ texts: [String], of memory: HBMSpec) -> [AddressMap.Slice] {
    let parts = (try? parts(texts)) ?? []
    return parts.map { part in
      let stated = parts.filter { $0.field == part.field }.compactMap(\.bits).reduce(0, +)
      let rest = max(0, memory.addressBits(of: part.field) - stated)
      return AddressMap.Slice(field: part.field, bits: part.bits ?? rest)
    }.filter { $0.bits > 0 }
  }

  /// A field in one slice by its name, else each slice with its bits.
  static func texts(_ slices: [AddressMap.Slice]) -> [String] {
    slices.map { slice in
      let isWhole = slices.filter { $0.field == slice.field }.count == 1
      return isWhole ? slice.field.rawValue : "\(slice.field.rawValue):\(slice.bits)"
    }
  }

  /// `"bank ^ row"`: the bits of the first are exclusive-ored with the lowest of the second, with those from bit 3 up in
  /// `"bank ^ row[3]"`.
  static func hash(_ text: String) throws(Refusal) -> AddressMap.Hash {
    let words = text.split(separator: "^", omittingEmptySubsequences: false).map { String($0).trimmed }
    guard words.count == 2 else {
      throw Refusal(message: "found \(TOMLText.quoted(text)); allowed: two fields as in \"bank ^ row\"")
    }
    let (source, shift) = try shifted(words[1])
    return AddressMap.Hash(target: try field(words[0]), source: try field(source), shift: shift)
  }

  /// `row[3]` as `row` and 3.
  private static func shifted(_ text: String) throws(Refusal) -> (name: String, shift: Int) {
    guard let bracket = text.firstIndex(of: "[") else { return (text, 0) }
    let digits = text[bracket...].dropFirst().dropLast()
    guard text.hasSuffix("]"), let shift = Int(digits), digits.allSatisfy(\.isNumber), shift <= 40 else {
      throw Refusal(message: "found \(TOMLText.quoted(text)); allowed: the lowest bit as in \"row[3]\", 0 to 40")
    }
    return (String(text[..<bracket]).trimmed, shift)
  }

  static func text(_ hash: AddressMap.Hash) -> String {
    "\(hash.target.rawValue) ^ \(hash.source.rawValue)" + (hash.shift > 0 ? "[\(hash.shift)]" : "")
  }

  private static func field(_ name: String) throws(Refusal) -> AddressMap.Field {
    guard let field = AddressMap.Field(rawValue: name) else {
      let hint = Words.nearest(to: name, among: fieldNames).map { " (did you mean \(TOMLText.quoted($0))?)" } ?? ""
      throw Refusal(
        message:
          "found \(TOMLText.quoted(name))\(hint); allowed: \(Words.alternatives(fieldNames.map(TOMLText.quoted)))")
    }
    return field
  }
}
