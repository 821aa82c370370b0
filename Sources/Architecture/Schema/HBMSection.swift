/// `[hbm]`. Timing names are JEDEC's; a time is rounded up to cycles of `clocks.hbm`.
extension Schema {
  private static func timing(
    _ name: String, _ field: Field<MachineSpec, Int>, upTo longest: Int64 = 10_000, _ meaning: String
  ) -> Key<MachineSpec> {
    Key(name, field, .cycles(.hbm, 1...longest), meaning)
  }

  static let hbm = Section<MachineSpec>(
    "hbm", "High-bandwidth memory. A channel here is a pseudo channel: its own banks and data bus.",
    [
      .shorthand(
        "preset", .choice(HBMPreset.all.map(\.name)), absent: "all keys are given one by one",
        "Lays a standard's values under this section and sets `clocks.hbm`; any key given beside it wins."),
      .shorthand(
        "stacks", .integer(1...HBMPreset.maximumStacks), absent: "1",
        "Stacks of the preset: multiplies its channels and bytes."),
      Key("standard", \.hbm.standard, .text, "Name of the standard, for people."),
      Key("channels", \.hbm.channels, .integer(1...1024), "Pseudo channels of the whole chip."),
      Key("bytes", \.hbm.bytes, .quantity(.bytes, 1024...(1 << 44)), "Capacity of the whole chip."),
      Key("access_bytes", \.hbm.accessBytes, .quantity(.bytes, 8...1024), "Bytes of one access (burst)."),
      Key("nBL", \.hbm.nBL, .cycles(.hbm, 1...64), "Cycles the data bus is busy for one access."),
      Key(
        "interleave_bytes", \.hbm.interleaveBytes, .quantity(.bytes, 8...(1 << 30)), default: 256,
        "Consecutive addresses on one channel before the next channel's turn."),
      Key("banks", \.hbm.banks, .integer(1...1024), "Banks of a channel, those of all its stack ids together."),
      Key("row_bytes", \.hbm.rowBytes, .quantity(.bytes, 64...(1 << 20)), "Bytes of a row (page) of a bank."),
      timing("nCL", \.hbm.nCL, "Read command to first data."),
      timing("nCWL", \.hbm.nCWL, "Write command to first data."),
      timing("nRCDRD", \.hbm.nRCDRD, "Activate to read."),
      timing("nRCDWR", \.hbm.nRCDWR, "Activate to write."),
      timing("nRP", \.hbm.nRP, "Precharge to activate."),
      timing("nREFI", \.hbm.nREFI, upTo: 1_000_000, "Interval between refreshes."),
      timing("nRFC", \.hbm.nRFC, upTo: 1_000_000, "Duration of an all-bank refresh."),
      attachment,
    ])

  /// Needs grid and channels, which are read before it.
  private static let attachment = Key<MachineSpec>(
    name: "attachment", kind: .nodes, absence: .value("edges"),
    meaning: "NoC node (tile index) of each channel: \"edges\" deals the channels round the left and right columns, "
      + "\"all\" round all tiles, a list gives the nodes in turn and is repeated when shorter than the channels.",
    get: { .integers($0.hbm.attachment.map(Int64.init)) },
    set: { $0.hbm.attachment = Attachment.nodes($1, channels: $0.hbm.channels, grid: $0.grid) })
}

/// Deals HBM channels to NoC nodes.
enum Attachment {
  /// One node a channel. With fewer channels than nodes they are spread evenly, with more they go round in turn, so
  /// that neighbouring addresses enter the network at different nodes.
  static func nodes(_ value: Value, channels: Int, grid: GridSpec) -> [Int] {
    switch value {
    case .integers(let list): return list.isEmpty ? [] : (0..<channels).map { Int(list[$0 % list.count]) }
    case .text("all"): return deal(channels, over: Array(0..<grid.count))
    default: return deal(channels, over: edges(of: grid))
    }
  }

  private static func deal(_ channels: Int, over nodes: [Int]) -> [Int] {
    (0..<channels).map { nodes[channels < nodes.count ? $0 * nodes.count / channels : $0 % nodes.count] }
  }

  /// Left and right column, row by row.
  private static func edges(of grid: GridSpec) -> [Int] {
    (0..<grid.rows).flatMap { row in
      let left = row * grid.columns
      return grid.columns == 1 ? [left] : [left, left + grid.columns - 1]
    }
  }
}
