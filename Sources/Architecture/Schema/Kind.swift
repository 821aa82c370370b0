/// What a key accepts. One value of this type is all that parsing, printing, messages and documentation know of it.
enum Kind: Equatable, Sendable {
  case text
  case textList
  case choice([String])
  case flag
  case integer(ClosedRange<Int64>)
  case powerOfTwo(upTo: Int64)
  case quantity(Dimension, ClosedRange<Int64>)
  case powerOfTwoBytes(ClosedRange<Int64>)
  /// Cycles of a clock, or a time that is rounded up to them.
  case cycles(Clock, ClosedRange<Int64>)
  /// Bytes a cycle of a clock, or a bandwidth that is a whole number of them.
  case bytesPerCycle(Clock, ClosedRange<Int64>)
  /// Names of number formats, at least one.
  case formats
  /// NoC nodes: "edges", "all" or a list.
  case nodes
  /// Tile indices and ranges of them.
  case tiles
  /// Timing constraints, one a text.
  case constraints
  /// Fields of an address, least significant first.
  case addressMap
  /// Pairs of fields to exclusive-or.
  case addressHash

  /// A clock domain whose cycles a key counts.
  enum Clock: String, Sendable {
    case tile, noc, hbm
  }

  static let nodeWords = ["edges", "all"]
}

/// A value a key has accepted, in base units.
enum Value: Equatable, Sendable {
  case integer(Int64)
  case text(String)
  case texts([String])
  case integers([Int64])
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  init(integerLiteral value: Int64) { self = .integer(value) }
  init(stringLiteral value: String) { self = .text(value) }
  init(arrayLiteral elements: String...) { self = .texts(elements) }
}

extension Kind {
  /// What is allowed, in words that finish the sentence "allowed: ...".
  var allowed: String {
    switch self {
    case .text: "a text in quotes"
    case .textList: "a list of texts in quotes"
    case .choice(let words): Words.alternatives(words.map(TOMLText.quoted))
    case .flag: "true or false (or 1 and 0)"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .powerOfTwo(let largest): "a power of two from 1 to \(largest)"
    case .quantity(let dimension, let range): Self.allowed(dimension, range)
    case .powerOfTwoBytes(let range):
      "a power of two from \(Dimension.bytes.text(range.lowerBound)) to \(Dimension.bytes.text(range.upperBound))"
    case .cycles(_, let range):
      "\(range.lowerBound) to \(range.upperBound) cycles, or a time in \(Dimension.time.unitList), such as "
        + "\"20 cycles\" or \"2 ns\""
    case .bytesPerCycle(_, let range):
      "\(range.lowerBound) to \(range.upperBound) B/cycle, or a bandwidth of whole bytes a cycle, such as "
        + "\"64 B/cycle\" or \"64 GB/s\""
    case .formats: "a list of number formats: \(NumberFormatCatalogue.all.map(\.name).joined(separator: ", "))"
    case .nodes: "\"edges\", \"all\" or a list of NoC nodes such as [0, 3]"
    case .tiles: "a list of tile indices and ranges such as [0, \"4-7\"]"
    case .constraints: "a list of constraints such as [\"PC RD,RDA -> WR,WRA nRTW + 1\"]"
    case .addressMap: "a list of address fields such as [\"channel\", \"column:3\", \"bank\", \"column\", \"row\"]"
    case .addressHash: "a list of hashed fields such as [\"bank ^ row\", \"bank_group ^ row[3]\"]"
    }
  }

  private static func allowed(_ dimension: Dimension, _ range: ClosedRange<Int64>) -> String {
    let (low, high) = (dimension.text(range.lowerBound), dimension.text(range.upperBound))
    return "\(low) to \(high) in \(dimension.unitList), such as \(TOMLText.quoted(example(dimension)))"
  }

  private static func example(_ dimension: Dimension) -> String {
    switch dimension {
    case .frequency: "1.05 GHz"
    case .bytes: "64 KiB"
    case .voltage: "0.75 V"
    case .length: "7 nm"
    case .distance: "1 mm"
    case .energy: "0.055 pJ"
    case .power: "1.5 mW"
    default: dimension.text(1)
    }
  }

  /// A harmless accepted value that stands in for a faulty one while the rest is checked.
  var placeholder: Value {
    switch self {
    case .text: .text("")
    case .choice(let words): .text(words[0])
    case .integer(let range), .quantity(_, let range), .powerOfTwoBytes(let range), .cycles(_, let range),
      .bytesPerCycle(_, let range):
      .integer(range.lowerBound)
    case .powerOfTwo: 1
    case .flag: 0
    case .textList, .formats, .constraints, .addressMap, .addressHash: .texts([])
    case .nodes, .tiles: .integers([])
    }
  }
}
