import Foundation
import Testing

@testable import Architecture

@Suite("The memory section, alone and in a machine")
struct MemorySectionTests {
  private func memory(_ lines: String, overrides: [String] = []) throws -> MemoryConfiguration {
    try Configuration.loadMemory(text: "[hbm]\n\(lines)", name: "m.toml", overrides: overrides)
  }

  private func faults(_ lines: String, overrides: [String] = []) -> [String] {
    do {
      _ = try memory(lines, overrides: overrides)
      return []
    } catch {
      return (error as? ConfigurationError)?.faults.map(\.description) ?? ["\(error)"]
    }
  }

  @Test("A preset is enough, and brings its clock")
  func preset() throws {
    let memory = try memory("preset = \"hbm2-2400\"")
    #expect(memory.clock.hertz == 1_200_000_000 && memory.hbm.channelCount == 8)
    #expect(memory.hbm.device == DRAMStandard.hbm2.device(rate: 2400))
    #expect(memory.hbm.controller == MemoryControllerSpec())
    #expect(memory.hbm.bytes == 8 << 30 && memory.hbm.attachment.isEmpty)
  }

  @Test("Every preset at every density of its standard", arguments: HBMPreset.all.map(\.name))
  func everyPreset(name: String) throws {
    let preset = try #require(HBMPreset.named(name))
    for density in preset.standard.densities {
      let memory = try memory("preset = \"\(name)\"\ndensity = \"\(density.name.lowercased())\"\nstacks = 2")
      #expect(memory.hbm.device == preset.standard.device(rate: preset.bin.rate, density: density.name))
      #expect(memory.hbm.channelCount == 2 * preset.standard.channelsPerStack)
      #expect(memory.clock == preset.bin.clock)
    }
    #expect(preset.meaning.contains("GB/s") && preset.meaning.contains(preset.standard.defaultDensity))
  }

  @Test("The reference configurations are Ramulator 2's devices under its controller and the matched map")
  func reference() throws {
    for (name, channels, pseudoChannels, device, rowBits) in [
      ("hbm2_1pc", 1, 1, DRAMStandard.hbm2.device(rate: 2000), 15),
      ("hbm2_8ch", 8, 2, DRAMStandard.hbm2.device(rate: 2000), 15),
      ("hbm3_16ch", 16, 2, DRAMStandard.hbm3.device(rate: 6400, density: "4Gb"), 14),
    ] {
      let hbm = try Configuration.loadMemory(path: Shipped.path("reference/\(name)")).hbm
      var expected = try #require(device)
      expected.organisation.pseudoChannels = pseudoChannels
      if pseudoChannels == 1 { expected.timings[.nREFISB] = 244 }
      #expect(hbm.device == expected && hbm.channelCount == channels)
      #expect(hbm.controller == MemoryControllerSpec(policy: .ramulator2))
      let slices: [(AddressMap.Field, Int)] = [
        (.channel, channels.trailingZeroBitCount), (.pseudoChannel, pseudoChannels - 1), (.bankGroup, 2), (.column, 5),
        (.bank, 2), (.row, rowBits),
      ]
      #expect(hbm.addressMap.slices == slices.filter { $0.1 > 0 }.map { AddressMap.Slice(field: $0.0, bits: $0.1) })
    }
  }

  @Test("Every key reaches its field")
  func everyKey() throws {
    let memory = try memory(
      """
      preset = "hbm3-6400"
      channels = 2
      pseudo_channels = 4
      stack_ids = 2
      bank_groups = 2
      banks_per_group = 8
      rows = 1024
      columns = 16
      access_bytes = 64
      nCL = "20 ns"
      nRTW = 21
      nREFISB = 500
      policy = "ramulator2"
      scheduler = "fr-fcfs-row-hit"
      row_hit_cap = 5
      read_queue = 6
      write_queue = 7
      request_accesses = 2
      queues_per_pseudo_channel = true
      row_policy = "timeout"
      row_accesses = 8
      row_timeout = "20 ns"
      write_high = 90
      write_low = 10
      refresh = "all-bank"
      refresh_stagger = "100 ns"
      phy_latency = 11
      controller_latency = 12
      address_map = ["column:1", "pseudo_channel", "channel", "bank", "column", "row", "bank_group", "stack_id"]
      address_hash = ["bank ^ row[2]", "channel ^ row"]
      extra_constraints = ["bank ACT -> RD nRCDRD + 2"]
      """)
    let hbm = memory.hbm
    #expect(
      hbm.device.organisation
        == DRAMOrganisation(
          pseudoChannels: 4, stackIDs: 2, bankGroups: 2, banksPerGroup: 8, rows: 1024, columns: 16, accessBytes: 64))
    #expect(hbm.channelCount == 2 && hbm.device[.nCL] == 32 && hbm.device[.nRTW] == 21 && hbm.device[.nREFISB] == 500)
    #expect(
      hbm.controller
        == MemoryControllerSpec(
          policy: .ramulator2, scheduler: .rowHitFirst, rowHitCap: 5, readQueue: 6, writeQueue: 7, requestAccesses: 2,
          queuesPerPseudoChannel: true, rowPolicy: .timeout, rowAccesses: 8, rowTimeout: 32, writeHigh: 90,
          writeLow: 10, refresh: .allBank, refreshStagger: 160, phyLatency: 11, controllerLatency: 12))
    let slices: [(AddressMap.Field, Int)] = [
      (.column, 1), (.pseudoChannel, 2), (.channel, 1), (.bank, 3), (.column, 3), (.row, 10), (.bankGroup, 1),
      (.stackID, 1),
    ]
    #expect(hbm.addressMap.slices == slices.map { AddressMap.Slice(field: $0.0, bits: $0.1) })
    #expect(hbm.addressMap.hashes.map(\.target) == [.bank, .channel] && hbm.addressMap.hashes.map(\.shift) == [2, 0])
    #expect(hbm.interleaveBytes == 128)
    #expect(hbm.device.constraints.dropLast() == DRAMStandard.hbm3.constraints[...])
    #expect(hbm.device.constraints.last.map(ConstraintText.text) == "bank ACT -> RD nRCDRD + 2")
  }

  @Test("interleave_bytes makes a map whose blocks lie on one pseudo channel and take its bank groups in turn")
  func interleaving() throws {
    for (bytes, fields) in [
      (32, ["channel", "pseudo_channel", "bank_group", "column", "bank", "row"]),
      (64, ["bank_group:1", "channel", "pseudo_channel", "bank_group:1", "column", "bank", "row"]),
      (1024, ["bank_group", "column:3", "channel", "pseudo_channel", "column:2", "bank", "row"]),
      (16_384, ["bank_group", "column", "bank", "channel", "pseudo_channel", "row"]),
    ] {
      let shorthand = try memory("preset = \"hbm2-2000\"\ninterleave_bytes = \(bytes)").hbm
      let texts = fields.map(TOMLText.quoted).joined(separator: ", ")
      let stated = try memory("preset = \"hbm2-2000\"\naddress_map = [\(texts)]").hbm
      #expect(shorthand == stated && stated.interleaveBytes == bytes)
      #expect(stated.addressMap.interleavesBlocks)
    }
  }

  @Test(
    "Requests of several accesses need columns in the lowest address bits, hashed or not above",
    arguments: [
      #"address_map = ["column:1", "channel", "pseudo_channel", "column", "bank_group", "bank", "row"]"#,
      #"address_map = ["column", "bank_group", "channel", "pseudo_channel", "bank", "row"]"#
        + #"\naddress_hash = ["bank ^ column[1]", "channel ^ row"]"#,
      "bank_groups = 1",
    ])
  func requestsOfSeveralAccesses(lines: String) throws {
    let hbm = try memory("preset = \"hbm2-2000\"\nrequest_accesses = 8\n" + lines.replacing(#"\n"#, with: "\n")).hbm
    #expect(hbm.controller.requestAccesses == 8 && hbm.addressMap.consecutiveColumnBits > 0)
  }

  @Test("A single pseudo channel takes any interleaving, and reads back the same")
  func single() throws {
    let shape = "preset = \"hbm2-2000\"\nchannels = 1\npseudo_channels = 1\n"
    for bytes in [32, 4096] {
      let hbm = try memory(shape + "interleave_bytes = \(bytes)").hbm
      #expect(hbm.interleaveBytes == hbm.bytes && hbm.addressMap.interleavesBlocks)
    }
  }

  @Test("The capacity follows from the organisation")
  func capacity() throws {
    #expect(try memory("preset = \"hbm2-2000\"\nchannels = 1\nrows = 512").hbm.bytes == 16 << 20)
    #expect(try memory("preset = \"hbm3-6400\"\nstacks = 4").hbm.bytes == 128 << 30)
  }

  @Test(
    "What is wrong, each in one message",
    arguments: [
      ("preset = \"hbm2-2000\"\nnRTW = 20", "m.toml:3: hbm.nRTW: found 20 cycles; HBM2 has no constraint that uses it"),
      ("preset = \"hbm2-2000\"\nstacks = 3", "m.toml:3: hbm.stacks: found 3; allowed: a power of two from 1 to 32"),
      (
        "preset = \"hbm2-2000\"\ndensity = \"16Gb_8hi\"",
        #"m.toml:3: hbm.density: found "16Gb_8hi"; allowed: "1Gb", "2Gb", "4Gb" or "8Gb" of HBM2"#
      ),
      (
        "preset = \"hbm2-2000\"\nbank_groups = 3",
        "m.toml:3: hbm.bank_groups: found 3; allowed: a power of two from 1 to 64"
      ),
      (
        "preset = \"hbm3-6400\"\nbank_groups = 8",
        "m.toml:3: hbm.bank_groups: makes 128 banks a pseudo channel; allowed: at most 64 over all stack IDs"
      ),
      (
        "preset = \"hbm3-6400\"\nbanks_per_group = 8\nstack_ids = 8",
        "m.toml:4: hbm.stack_ids: makes 256 banks a pseudo channel; allowed: at most 64 over all stack IDs"
      ),
      (
        "preset = \"hbm2-2000\"\nchannels = 1024\npseudo_channels = 16\ncolumns = 4096",
        "m.toml:3: hbm.channels: makes a memory of more than 16 TiB; allowed: less of channels, banks, rows or columns"
      ),
      (
        "preset = \"hbm2-2000\"\nchannels = 1024\nrows = 16777216",
        "m.toml:4: hbm.rows: makes a memory of more than 16 TiB; allowed: less of channels, banks, rows or columns"
      ),
      (
        "preset = \"hbm2-2000\"\naddress_map = [\"channel\", \"bank\", \"row\", \"column\", \"pseudo_channel\"]",
        "m.toml:3: hbm.address_map: found 0 bits of bank_group; allowed: 2, as hbm.bank_groups is 4"
      ),
      (
        "preset = \"hbm2-2000\"\naddress_map = [\"chanel\"]",
        #"m.toml:3: hbm.address_map: found "chanel" (did you mean "channel"?); allowed: "channel", "pseudo_channel", "#
          + #""stack_id", "bank_group", "bank", "row" or "column""#
      ),
      (
        "preset = \"hbm2-2000\"\naddress_map = [\"row\", \"row\"]",
        #"m.toml:3: hbm.address_map: found "row" twice; allowed: one part without bits, as in "row:2", "row""#
      ),
      (
        "preset = \"hbm2-2000\"\naddress_map = [\"row:x\"]",
        #"m.toml:3: hbm.address_map: found "row:x"; allowed: bits as in "column:3", 0 to 40"#
      ),
      (
        "preset = \"hbm2-2000\"\naddress_hash = [\"bank\"]",
        #"m.toml:3: hbm.address_hash: found "bank"; allowed: two fields as in "bank ^ row""#
      ),
      (
        "preset = \"hbm2-2000\"\naddress_hash = [\"bank ^ row[]\"]",
        #"m.toml:3: hbm.address_hash: found "row[]"; allowed: the lowest bit as in "row[3]", 0 to 40"#
      ),
      (
        "preset = \"hbm2-2000\"\naddress_hash = [\"bank ^ column[5]\"]",
        #"m.toml:3: hbm.address_hash: found "bank ^ column[5]"; allowed: a bit of column, which has 0 to 4"#
      ),
      (
        "preset = \"hbm2-2000\"\nrefresh_stagger = 1951",
        "m.toml:3: hbm.refresh_stagger: found 1951 cycles; allowed: at most nREFI over the pseudo channels, 1950 cycles"
      ),
      (
        "preset = \"hbm2-2000\"\nrefresh_stagger = 5\nrefresh = \"per-bank\"",
        "m.toml:3: hbm.refresh_stagger: found 5 cycles; allowed: 0, refresh per-bank has no all-bank refreshes"
      ),
      (
        "preset = \"hbm2-2000\"\naddress_hash = [\"bank ^ row\", \"row ^ column\"]",
        #"m.toml:3: hbm.address_hash: found "bank ^ row"; allowed: only fields that are hashed themselves by none, else "#
          + "two addresses could be one"
      ),
      (
        "preset = \"hbm2-2000\"\ninterleave_bytes = 64\naddress_map = [\"row\"]",
        "m.toml:3: hbm.interleave_bytes: makes an address map, and hbm.address_map gives one; keep one of them"
      ),
      (
        "preset = \"hbm2-2000\"\nextra_constraints = [\"PC ACT => RD nRCD\"]",
        #"m.toml:3: hbm.extra_constraints: in "PC ACT => RD nRCD": found "="; allowed: "->""#
      ),
      (
        "preset = \"hbm2-2000\"\nextra_constraints = [\"SID ACT -> ACT nFAW window 4\"]",
        #"m.toml:3: hbm.extra_constraints: found "SID ACT -> ACT nFAW window 4"; allowed: windows of commands to one "#
          + "PC or bank"
      ),
      (
        "preset = \"hbm2-2000\"\nextra_constraints = [\"bank RD -> WR 9 window 3\", \"BG ACT -> ACT 20 window 4\"]",
        #"m.toml:3: hbm.extra_constraints: found "BG ACT -> ACT 20 window 4"; allowed: windows of commands to one "#
          + "PC or bank"
      ),
      (
        "preset = \"hbm2-2000\"\nextra_constraints = [\"channel ACT -> ACT nFAW window 2\"]",
        #"m.toml:3: hbm.extra_constraints: found "channel ACT -> ACT nFAW window 2"; allowed: windows of commands to "#
          + "one PC or bank"
      ),
      (
        "preset = \"hbm2-2000\"\nwrite_low = 80",
        "m.toml:3: hbm.write_low: found 80; allowed: less than write_high, 80"
      ),
      (
        "preset = \"hbm2-2000\"\nrequest_accesses = 4",
        #"m.toml:3: hbm.request_accesses: found 4, and the address map begins with "bank_group"; allowed: 1, or an "#
          + #"address_map that begins with "column", its lowest bit in no hash"#
      ),
      (
        "preset = \"hbm2-2000\"\naddress_map = [\"channel\", \"pseudo_channel\", \"column\", \"bank_group\", \"bank\", "
          + "\"row\"]\nrequest_accesses = 2",
        #"m.toml:4: hbm.request_accesses: found 2, and the address map begins with "channel"; allowed: 1, or an "#
          + #"address_map that begins with "column", its lowest bit in no hash"#
      ),
      (
        "preset = \"hbm2-2000\"\nrequest_accesses = 16\naddress_map = [\"column\", \"bank_group\", \"channel\", "
          + "\"pseudo_channel\", \"bank\", \"row\"]\naddress_hash = [\"bank ^ column\"]",
        #"m.toml:3: hbm.request_accesses: found 16, and the address map hashes its lowest bits; allowed: 1, or an "#
          + #"address_map that begins with "column", its lowest bit in no hash"#
      ),
      (
        "preset = \"hbm2-2000\"\nrefresh = \"per-bank\"\nnRFCSB = 2000",
        "m.toml:4: hbm.nRFCSB: found 2000 cycles; allowed: less than nREFISB times the banks, 1952 cycles"
      ),
      (
        "preset = \"hbm2-2000\"\nscheduler = \"fifo\"",
        #"m.toml:3: hbm.scheduler: found "fifo"; allowed: "fr-fcfs", "fr-fcfs-row-hit" or "fcfs""#
      ),
    ])
  func fault(lines: String, message: String) {
    #expect(faults(lines).contains(message), "\(faults(lines))")
  }

  @Test("Settings of the command line are named as well")
  func faultyOverride() {
    let banks = "makes 512 banks a pseudo channel; allowed: at most 64 over all stack IDs"
    #expect(
      faults("preset = \"hbm3-6400\"", overrides: ["hbm.bank_groups=32"])
        == ["--set hbm.bank_groups=32: hbm.bank_groups: \(banks)"])
  }

  @Test("A standard without values misses each timing it uses, at once with what else is wrong")
  func missing() {
    let faults = faults("standard = \"HBM2\"\nchannels = 1\nrows = 8\nwrite_low = 90")
    let used = DRAMStandard.hbm2.timingNames.filter { $0 != .nREFISB }
    for timing in used { #expect(faults.contains("m.toml:2: hbm.\(timing.rawValue): missing; HBM2 uses it")) }
    #expect(faults.count == used.count + 1)
  }

  @Test("A file without the section says so; a whole machine's file is judged in what concerns the memory")
  func parts() throws {
    #expect(throws: ConfigurationError.self) { try Configuration.loadMemory(text: "[grid]\ncolumns = 2\nrows = 2") }
    let big = try Configuration.loadMemory(path: Shipped.path("big"))
    #expect(try big.hbm == Configuration.load(path: Shipped.path("big")).hbm)
    #expect(throws: Never.self) {
      try Configuration.loadMemory(text: "[tile.dma]\nrequest_bytes = 9\n[hbm]\npreset = \"hbm2-2000\"")
    }
  }

  @Test("A machine needs blocks of addresses whole")
  func torn() {
    for (line, key) in [
      ("address_map = [\"channel\", \"column\", \"pseudo_channel\", \"bank_group\", \"bank\", \"row\"]", "address_map"),
      ("interleave_bytes = 1024\naddress_hash = [\"channel ^ bank_group\"]", "address_hash"),
      ("interleave_bytes = 1024\naddress_hash = [\"channel ^ column[2]\"]", "address_hash"),
    ] {
      #expect(faults("preset = \"hbm2-2000\"\n\(line)").isEmpty)
      let machine = Faulty.faults(adding: line)
      #expect(
        machine.contains { $0.contains("hbm.\(key): tears a block of consecutive addresses apart") }, "\(machine)")
    }
    #expect(Faulty.faults(adding: "interleave_bytes = 1024\naddress_hash = [\"channel ^ column[3]\"]").isEmpty)
  }

  @Test("The map of Ramulator 2's MOP4CLXOR: each level takes the row's next bits")
  func permutation() throws {
    let hbm = try memory(
      """
      preset = "hbm2-2000"
      channels = 1
      address_map = ["column:2", "pseudo_channel", "bank_group", "bank", "column", "row", "channel"]
      address_hash = ["pseudo_channel ^ row", "bank_group ^ row[1]", "bank ^ row[3]"]
      """
    ).hbm
    #expect(hbm.addressMap.hashes.map(\.shift) == [0, 1, 3])
    // Row 0b10110, column 5: the address is that of pseudo channel 1 ^ 0, bank group 2 ^ 0b11, bank 3 ^ 0b10.
    let address = hbm.addressMap.address(
      of: [.pseudoChannel: 1, .bankGroup: 2, .bank: 3, .row: 0b10110, .column: 5], accessBytes: 32)
    #expect(address == 32 * (1 | 1 << 2 | (2 ^ 0b11) << 3 | (3 ^ 0b10) << 5 | 1 << 7 | 0b10110 << 10))
    let text = Configuration.resolvedTOML(
      .memory(try memory("preset = \"hbm2-2000\"\naddress_hash = [\"bank^row [3]\"]")))
    #expect(text.contains("address_hash = [\"bank ^ row[3]\"]\n"))
  }

  @Test("Another preset replaces all values of the one before, and none the file states")
  func changedPreset() throws {
    let base = "preset = \"hbm3-6400\"\nnCL = 33"
    let changed = try memory(base, overrides: ["hbm.preset=hbm2-2000"]).hbm
    #expect(changed.device == DRAMStandard.hbm2.device(rate: 2000))
    let denser = try memory(base, overrides: ["hbm.density=4Gb"]).hbm
    #expect(denser.device[.nCL] == 33 && denser.device.organisation.stackIDs == 1 && denser.device[.nRFC] == 416)
  }

  @Test("Random maps read back as the same maps", arguments: [UInt64(3), 4])
  func randomMaps(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for round in 0..<50 {
      let texts = randomMap(&random).map(TOMLText.quoted).joined(separator: ", ")
      let hbm = try memory("preset = \"hbm3-6400\"\naddress_map = [\(texts)]").hbm
      let again = AddressMapText.slices(AddressMapText.texts(hbm.addressMap.slices), of: hbm)
      #expect(again == hbm.addressMap.slices, "seed \(seed), round \(round): \(texts)")
    }
  }

  /// The fields of HBM3 in any order, some of them split.
  private func randomMap(_ random: inout SeededGenerator) -> [String] {
    var texts: [String] = []
    for field in AddressMap.Field.allCases {
      texts.append(field.rawValue)
      if field == .row || field == .column {
        texts.append("\(field.rawValue):\(Int.random(in: 1...4, using: &random))")
      }
    }
    return texts.shuffled(using: &random)
  }
}
