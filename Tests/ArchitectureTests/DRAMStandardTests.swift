import Testing

@testable import Architecture

/// The gap a device enforces between two commands, in ticks: the largest of all scopes that contain `scope`'s.
private func gap(
  _ device: DRAMDevice, _ from: DRAMCommand, _ to: DRAMCommand, same scope: DRAMScope, window: Int = 1
) -> Int {
  device.resolvedConstraints.filter {
    $0.from == from && $0.to == to && $0.scope <= scope && !$0.isSibling && $0.window == window
  }.map(\.ticks).max() ?? 0
}

extension DRAMStandard: CustomTestStringConvertible {
  public var testDescription: String { name }
}

@Suite("DRAM standards")
struct DRAMStandardTests {
  @Test("HBM2-2000 holds its commands apart as Ramulator 2 does, in cycles")
  func hbm2Gaps() throws {
    let device = try #require(DRAMStandard.hbm2.device(rate: 2000))
    #expect(gap(device, .ACT, .PREpb, same: .bank) == 35)
    #expect(gap(device, .ACT, .PREab, same: .pseudoChannel) == 35)
    #expect(gap(device, .ACT, .REFab, same: .pseudoChannel) == 49)
    #expect(gap(device, .ACT, .RD, same: .bank) == 15)
    #expect(gap(device, .ACT, .WR, same: .bank) == 13)
    #expect(gap(device, .PREpb, .ACT, same: .bank) == 13)
    #expect(gap(device, .REFab, .ACT, same: .pseudoChannel) == 259)
    #expect(gap(device, .REFab, .PREab, same: .pseudoChannel) == 260)
    #expect(gap(device, .PREpb, .REFab, same: .pseudoChannel) == 14)
    #expect(gap(device, .RD, .WR, same: .pseudoChannel) == 13)
    #expect(gap(device, .ACT, .ACT, same: .pseudoChannel, window: 4) == 15)
  }

  @Test("HBM3-6400 holds its commands apart as Ramulator 2 does, in half cycles")
  func hbm3Gaps() throws {
    let device = try #require(DRAMStandard.hbm3.device(rate: 6400, density: "4Gb"))
    #expect(gap(device, .ACT, .RD, same: .bank) == 63)
    #expect(gap(device, .ACT, .WR, same: .bank) == 31)
    #expect(gap(device, .ACT, .PREpb, same: .bank) == 92)
    #expect(gap(device, .ACT, .ACT, same: .bank) == 144)
    #expect(gap(device, .ACT, .ACT, same: .bankGroup) == 10)
    #expect(gap(device, .ACT, .ACT, same: .pseudoChannel) == 8)
    #expect(gap(device, .ACT, .ACT, same: .pseudoChannel, window: 4) == 48)
    #expect(gap(device, .ACT, .REFab, same: .pseudoChannel) == 146)
    #expect(gap(device, .PREpb, .ACT, same: .bank) == 50)
    #expect(gap(device, .PREpb, .PREab, same: .pseudoChannel) == 4)
    #expect(gap(device, .RD, .PREpb, same: .bank) == 19)
    #expect(gap(device, .WR, .PREpb, same: .bank) == 91)
    #expect(gap(device, .RD, .RD, same: .stackID) == 4)
    #expect(gap(device, .RD, .RD, same: .bankGroup) == 8)
    #expect(gap(device, .RD, .WR, same: .pseudoChannel) == 40)
    #expect(gap(device, .WR, .RD, same: .pseudoChannel) == 38)
    #expect(gap(device, .WR, .RD, same: .bankGroup) == 44)
    #expect(gap(device, .REFab, .ACT, same: .pseudoChannel) == 830)
    #expect(gap(device, .REFpb, .ACT, same: .bank) == 638)
    #expect(gap(device, .ACT, .REFpb, same: .bank) == 146)
    let siblings = device.resolvedConstraints.filter(\.isSibling)
    #expect(siblings.allSatisfy { $0.ticks == 6 && $0.scope == .stackID && $0.to != .WR })
    #expect(siblings.count == 4)
  }

  @Test(
    "times are rounded up to cycles of each speed bin",
    arguments: [
      (DRAMStandard.hbm2, 1600, [.nRRDS: 4, .nFAW: 12, .nREFI: 3120, .nRFC: 208, .nRFCSB: 128, .nRREFD: 7]),
      (.hbm2, 2000, [.nRRDL: 4, .nFAW: 15, .nREFI: 3900, .nRFC: 260, .nRFCSB: 160, .nRREFD: 8, .nREFISB: 122]),
      (.hbm2, 2400, [.nRRDS: 5, .nFAW: 19, .nREFI: 4682, .nRFC: 313, .nRFCSB: 193, .nRREFD: 10, .nREFISB: 147]),
      (.hbm1, 2000, [.nRRDS: 4, .nFAW: 15, .nREFI: 3900, .nRFC: 260, .nREFISB: 488]),
      (.hbm1, 1000, [.nRRDS: 4, .nFAW: 8, .nREFI: 1950, .nRFC: 130]),
      (.hbmLegacy, 1000, [.nRRDS: 2, .nRRDL: 3, .nREFI: 1950, .nRFC: 130]),
      (.hbm3, 6400, [.nREFI: 6240, .nRFC: 720, .nRREFD: 8, .nRFCSB: 320, .nREFISB: 98]),
      (.hbm4, 8000, [.nREFI: 7800, .nRFC: 900, .nRREFD: 16, .nREFISB: 244]),
      (.hbm4, 16000, [.nREFI: 15600, .nRFC: 1800, .nRREFD: 32, .nREFISB: 488]),
    ] as [(DRAMStandard, Int, [DRAMTiming: Int])])
  func roundedTimes(standard: DRAMStandard, rate: Int, expected: [DRAMTiming: Int]) throws {
    let device = try #require(standard.device(rate: rate))
    for (timing, cycles) in expected { #expect(device[timing] == cycles, "\(standard.name)-\(rate) \(timing)") }
  }

  @Test(
    "a density sets rows, stack IDs and refresh",
    arguments: [
      (DRAMStandard.hbm2, 2000, "1Gb", 8192, 1, 110), (.hbm2, 2000, "8Gb", 65_536, 1, 350),
      (.hbm3, 6400, "4Gb", 16_384, 1, 416), (.hbm3, 6400, "16Gb_8hi", 16_384, 2, 560),
      (.hbm3, 6400, "32Gb_8hi", 32_768, 2, 720), (.hbm3, 6400, "32Gb_16hi", 32_768, 4, 560),
      (.hbm4, 8000, "32Gb_4hi", 16_384, 1, 800),
    ])
  func densities(
    standard: DRAMStandard, rate: Int, density: String, rows: Int, stackIDs: Int, nRFC: Int
  ) throws {
    let device = try #require(standard.device(rate: rate, density: density))
    #expect(device.organisation.rows == rows)
    #expect(device.organisation.stackIDs == stackIDs)
    #expect(device[.nRFC] == nRFC)
  }

  @Test(
    "every bin of every standard gives each timing its table uses, and commands their bus", arguments: DRAMStandard.all)
  func complete(standard: DRAMStandard) throws {
    let used = Set(standard.constraints.flatMap { $0.from + $0.to })
    #expect(used == Set(standard.commands))
    for bin in standard.bins {
      let device = try #require(standard.device(rate: bin.rate))
      for timing in standard.timingNames { #expect(device[timing] > 0, "\(standard.name)-\(bin.rate) \(timing)") }
      #expect(Set(device.timings.keys) == Set(standard.timingNames), "\(standard.name)-\(bin.rate)")
      #expect(standard.timingNames.contains(.nRCDRD))
    }
    #expect(standard.device(rate: 1) == nil)
    #expect(standard.device(rate: standard.bins[0].rate, density: "3Gb") == nil)
  }

  @Test("a constraint prints as what it was read from", arguments: DRAMStandard.all)
  func roundTrip(standard: DRAMStandard) throws {
    let text = standard.constraints.map(ConstraintText.text).joined(separator: "\n")
    #expect(try ConstraintText.parse(text) == standard.constraints)
  }

  @Test("an expression may subtract and count")
  func expression() throws {
    let line = "other SID RD -> WR max(nCL + nBL + 2 - nCWL, -nRP + 3, 7) window 4"
    let constraint = try #require(try ConstraintText.parse(line).first)
    #expect(constraint.isSibling && constraint.window == 4)
    #expect(constraint.latency.cycles([.nCL: 14, .nBL: 2, .nCWL: 5]) == 13)
    #expect(constraint.latency.cycles([.nCWL: 40]) == 7)
    #expect(try ConstraintText.parse(ConstraintText.text(constraint)) == [constraint])
  }

  @Test(
    "a line that is no constraint says what is wrong with it",
    arguments: [
      ("PC ACT ACT nRRDS", "found \"ACT\"; allowed: \"->\""),
      ("pc ACT -> ACT nRRDS", "did you mean \"PC\"?"),
      ("PC ATC -> ACT nRRDS", "did you mean \"ACT\"?"),
      ("PC ACT -> ACT nRRD", "did you mean \"nRRDS\"?"),
      ("PC ACT -> ACT", "found the end of the line"),
      ("PC ACT -> ACT nRRDS extra", "found \"extra\"; allowed: the end of the line"),
      ("PC ACT -> ACT max(nRRDS, nFAW", "found the end of the line; allowed: \")\""),
      ("PC ACT -> ACT nFAW window 17", "a whole number from 1 to 16"),
      ("PC ACT -> ACT 99999999999999999999", "a whole number from 0 to 1000000"),
      ("PC ACT -> ACT n²", "found \"n\"; allowed: a timing"),
    ])
  func faults(line: String, message: String) {
    let error = #expect(throws: ConstraintText.Fault.self) { try ConstraintText.parse("# ok\n\n\(line)") }
    #expect(error?.line == 3)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }
}
