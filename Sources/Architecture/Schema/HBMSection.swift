/// `[hbm]`. Timing names are JEDEC's; a time is rounded up to cycles of `clocks.hbm`.
extension Schema {
  static let hbm = Section<MachineSpec>(
    "hbm",
    "High-bandwidth memory: the device, its channels' controllers, and how addresses spread over them. For "
      + "`palsim memory` the section, with `[clocks]`, may be all there is.",
    memoryPresets + memoryOrganisation + memoryTimings + memoryAddresses + memoryController + ports)

  private static let memoryPresets: [Key<MachineSpec>] = [
    .shorthand(
      "preset", .choice(HBMPreset.all.map(\.name)), absent: "all keys are given one by one",
      "Lays a standard's values under this section and sets `clocks.hbm`; any key given beside it wins."),
    .shorthand(
      "density", .choice(HBMPreset.densities), absent: "the preset's own",
      "Density of the preset's dies: sets rows, stack IDs, nRFC and nRFCSB."),
    .shorthand(
      "stacks", .powerOfTwo(upTo: HBMPreset.maximumStacks), absent: "1",
      "Stacks of the preset: multiplies its channels."),
    Key(
      name: "standard", kind: .choice(DRAMStandard.all.map(\.name)), absence: .required,
      meaning: "Table of commands and timing constraints, printed in `docs/configuration.md`.",
      get: { .text($0.hbm.device.standard) },
      set: { if case .text(let name) = $1 { $0.hbm.device.adopt(DRAMStandard.named(name)) } }),
  ]

  private static func count(
    _ name: String, _ field: Field<MachineSpec, Int>, upTo largest: Int64, _ meaning: String
  ) -> Key<MachineSpec> {
    Key(name, field, .powerOfTwo(upTo: largest), meaning)
  }

  /// A size whose default is the standard's.
  private static func ofStandard(_ key: Key<MachineSpec>, _ field: Field<MachineSpec, Int>) -> Key<MachineSpec> {
    key.derived("the standard's") { spec in
      guard let standard = DRAMStandard.named(spec.hbm.standard) else { return .integer(8) }
      var other = spec
      other.hbm.device.organisation = standard.organisation
      return .integer(Int64(other[keyPath: field]))
    }
  }

  private static func size(
    _ name: String, _ field: Field<MachineSpec, Int>, upTo largest: Int64, _ meaning: String
  ) -> Key<MachineSpec> {
    ofStandard(count(name, field, upTo: largest, meaning), field)
  }

  private static let memoryOrganisation: [Key<MachineSpec>] = [
    count("channels", \.hbm.channelCount, upTo: 1024, "Channels of the whole chip, each with a controller."),
    size(
      "pseudo_channels", \.hbm.device.organisation.pseudoChannels, upTo: 16,
      "Pseudo channels of a channel: own banks and data bus, shared command buses."),
    size(
      "stack_ids", \.hbm.device.organisation.stackIDs, upTo: 16,
      "Stack IDs (SID) of a pseudo channel, each with its bank groups."),
    size("bank_groups", \.hbm.device.organisation.bankGroups, upTo: 64, "Bank groups of a stack ID."),
    size("banks_per_group", \.hbm.device.organisation.banksPerGroup, upTo: 64, "Banks of a bank group."),
    count("rows", \.hbm.device.organisation.rows, upTo: 1 << 24, "Rows of a bank."),
    size(
      "columns", \.hbm.device.organisation.columns, upTo: 4096,
      "Accesses (bursts) of a row; times access_bytes the page."),
    ofStandard(
      Key(
        "access_bytes", \.hbm.device.organisation.accessBytes, .powerOfTwoBytes(8...1024),
        "Bytes of one access (burst)."),
      \.hbm.device.organisation.accessBytes),
  ]

  private static let memoryTimings: [Key<MachineSpec>] =
    DRAMTiming.allCases.map(timing) + [
      Key(
        name: "extra_constraints", kind: .constraints, absence: .value([]),
        meaning: "Further constraints beside the standard's, one a line of its table's form, such as "
          + "\"bank ACT -> RD nRCDRD + 2\".",
        get: { .texts($0.hbm.extraConstraints.map(ConstraintText.text)) },
        set: { if case .texts(let lines) = $1 { $0.hbm.extraConstraints = ConstraintText.constraints(lines) } })
    ]

  /// A timing; which ones there are is the standard's to say, which a rule checks.
  private static func timing(_ timing: DRAMTiming) -> Key<MachineSpec> {
    Key(
      name: timing.rawValue, kind: .cycles(.hbm, timing.legal), absence: timing.absence, meaning: timing.meaning,
      get: { $0.hbm.device.timings[timing].map { .integer(Int64($0)) } },
      set: { if case .integer(let cycles) = $1 { $0.hbm.device.timings[timing] = Int(cycles) } })
  }

  private static let memoryAddresses: [Key<MachineSpec>] = [
    Key(
      name: "interleave_bytes", kind: .powerOfTwoBytes(8...(1 << 40)),
      absence: .derived("256 B, at least one access") {
        .integer(Int64(max(256, $0.hbm.accessBytes)))
      },
      meaning:
        "Makes the address map: consecutive addresses on one pseudo channel before the next one's turn, channels "
        + "first; inside a block bank groups take turns, then columns, banks, rows.",
      get: nil,
      set: { if case .integer(let bytes) = $1 { $0.hbm.interleave(Int(bytes)) } }),
    Key(
      name: "address_map", kind: .addressMap,
      absence: .derived("the map of interleave_bytes") {
        .texts(AddressMapText.texts($0.hbm.addressMap.slices))
      },
      meaning: "Fields of an address from the least significant bit up, above the bytes of an access; \"column:3\" are "
        + "three bits of a split field, a field without a number takes the rest of its bits.",
      get: { .texts(AddressMapText.texts($0.hbm.addressMap.slices)) },
      set: { if case .texts(let fields) = $1 { $0.hbm.map(fields) } }),
    Key(
      name: "address_hash", kind: .addressHash, absence: .value([]),
      meaning:
        "Fields to hash: \"bank ^ row\" exclusive-ors the bits of the bank with the lowest of the row, \"bank ^ row[3]\" with "
        + "as many from bit 3 up.",
      get: { .texts($0.hbm.addressMap.hashes.map(AddressMapText.text)) },
      set: {
        if case .texts(let hashes) = $1 {
          $0.hbm.addressMap.hashes = hashes.compactMap { try? AddressMapText.hash($0) }
        }
      }),
  ]

  private static let memoryController: [Key<MachineSpec>] = [
    Key(
      "policy", \.hbm.controller.policy, default: "palsim",
      "Whose fine rules the controllers follow; `docs/models/hbm.md` has both."),
    Key(
      "scheduler", \.hbm.controller.scheduler, default: "fr-fcfs",
      "Which request goes first: the oldest possible now, the same without closing rows that are hit, or strictly the oldest."
    ),
    Key(
      "row_hit_cap", \.hbm.controller.rowHitCap, .integer(0...1_000_000), default: 0,
      "Accesses that a row has after its ACT before its hits give way to an older request to another row of the bank; "
        + "0: no cap."),
    Key(
      "read_queue", \.hbm.controller.readQueue, .integer(1...MemoryLimits.queue), default: 32,
      "Entries of the read queue."),
    Key(
      "write_queue", \.hbm.controller.writeQueue, .integer(1...MemoryLimits.queue), default: 32,
      "Entries of the write queue."),
    Key(
      "request_accesses", \.hbm.controller.requestAccesses, .integer(1...1024), default: 1,
      "Accesses of a train that an entry may stand for: consecutive columns of one row;"
        + " above 1 the address_map must begin with column."),
    Key(
      "queues_per_pseudo_channel", \.hbm.controller.queuesPerPseudoChannel, default: 0,
      "Each pseudo channel has queues of these sizes; else those of a channel share them."),
    Key(
      "row_policy", \.hbm.controller.rowPolicy, default: "open",
      "When rows are closed: never without need, after row_accesses, or after row_timeout."),
    Key(
      "row_accesses", \.hbm.controller.rowAccesses, .integer(1...1_000_000), default: 4,
      "Accesses after which the closed policy closes a row."),
    Key(
      "row_timeout", \.hbm.controller.rowTimeout, .cycles(.hbm, 1...1_000_000), default: 100,
      "Cycles without access after which the timeout policy closes a row."),
    Key(
      "write_high", \.hbm.controller.writeHigh, .integer(1...100), default: 80,
      "Percent of the write queue above which writes are drained."),
    Key(
      "write_low", \.hbm.controller.writeLow, .integer(0...99), default: 20,
      "Percent of the write queue below which reads go first again."),
    Key("refresh", \.hbm.controller.refresh, default: "all-bank", "Whether and how rows are refreshed."),
    Key(
      "refresh_stagger", \.hbm.controller.refreshStagger, .cycles(.hbm, 0...1_000_000), default: 0,
      "Cycles between the all-bank refreshes of a channel's pseudo channels; 0: all fall due together."),
    Key(
      "phy_latency", \.hbm.controller.phyLatency, .cycles(.hbm, 0...10_000), default: 0,
      "Added to each access's way through the PHY."),
    Key(
      "controller_latency", \.hbm.controller.controllerLatency, .cycles(.hbm, 0...10_000), default: 0,
      "Added to each access's way to the controller's queue."),
  ]

  private static let ports: [Key<MachineSpec>] = [
    Key(
      "port_queue", \.hbm.portQueue, .integer(0...65_536), default: 16,
      "Request trains a pseudo channel's port takes from the network before their responses have entered it; 0: without "
        + "limit."),
    attachment,
  ]

  /// Needs grid and channels, which are read before it.
  private static let attachment = Key<MachineSpec>(
    name: "attachment", kind: .nodes, absence: .value("edges"),
    meaning: "NoC node (tile index) of each pseudo channel: \"edges\" deals them round the left and right columns, "
      + "\"all\" round all tiles, a list gives the nodes in turn and is repeated when shorter than the pseudo channels.",
    get: { $0.hbm.attachment.isEmpty ? nil : .integers($0.hbm.attachment.map(Int64.init)) },
    set: { $0.hbm.attachment = Attachment.nodes($1, channels: $0.hbm.pseudoChannelCount, grid: $0.grid) })
}

/// Deals pseudo channels to NoC nodes.
enum Attachment {
  /// One node a pseudo channel, none without a grid. With fewer of them than nodes they are spread evenly, with more they
  /// go round in turn, so that neighbouring addresses enter the network at different nodes.
  static func nodes(_ value: Value, channels: Int, grid: GridSpec) -> [Int] {
    guard grid.count > 0 else { return [] }
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
