import ArgumentParser
import EnergyModel
import Simulator

/// The options of `palsim memory` that say what traffic to make up.
struct MemoryTrafficOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Made-up traffic: \(MemoryPattern.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "pattern"))
  var pattern: String?

  @Option(help: ArgumentHelp("Requests to make (default: 100000).", valueName: "count"))
  var requests: Int?

  @Option(help: ArgumentHelp("Share of reads, 0 to 1 (default: 1).", valueName: "share"))
  var reads: Double?

  @Option(help: ArgumentHelp("Requests a cycle of CK (default: as early as accepted).", valueName: "requests"))
  var rate: Double?

  @Option(help: ArgumentHelp("Bytes between accesses of the pattern stride (default: 4096).", valueName: "bytes"))
  var stride: Int?

  @Option(help: "Seed of random addresses, reads and writes (default: 1).")
  var seed: UInt64?

  func validate() throws {
    guard pattern != nil else { return try refuseAlone() }
    let pattern = try chosen()
    if let requests, requests < 1 || requests > 1_000_000_000 {
      throw ValidationError("--requests is \(requests); it is 1 to 1000000000")
    }
    if let reads, !(0...1).contains(reads) { throw ValidationError("--reads is \(reads); it is 0 to 1") }
    if let rate, !(rate >= 1e-6 && rate <= 1024) {
      throw ValidationError("--rate is \(rate); it is 0.000001 to 1024 requests a cycle")
    }
    if let stride {
      guard pattern == .stride else {
        throw ValidationError("--stride goes with --pattern stride, not \(pattern.rawValue)")
      }
      if stride < 1 || stride > 1 << 44 { throw ValidationError("--stride is \(stride); it is 1 to \(1 << 44) bytes") }
    }
  }

  private func refuseAlone() throws {
    let given = [
      ("--requests", requests != nil), ("--reads", reads != nil), ("--rate", rate != nil), ("--stride", stride != nil),
      ("--seed", seed != nil),
    ]
    if let option = given.first(where: \.1) { throw ValidationError("\(option.0) needs --pattern") }
  }

  /// The pattern named.
  func chosen() throws -> MemoryPattern {
    let name = pattern ?? ""
    if let pattern = MemoryPattern(rawValue: name) { return pattern }
    let names = MemoryPattern.allCases.map(\.rawValue)
    let near = NearestName.of(name, among: names).map { "did you mean '\($0)'? " } ?? ""
    throw ValidationError(
      "--pattern: unknown pattern '\(name)'; \(near)The patterns are \(names.joined(separator: ", "))")
  }
}
