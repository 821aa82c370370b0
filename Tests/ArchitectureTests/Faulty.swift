import Testing

@testable import Architecture

/// A small legal configuration to make faulty ones from, and what is said of them.
enum Faulty {
  static let legal = """
    [system]
    name = "t"
    [clocks]
    tile = "1 GHz"
    noc = "1 GHz"
    [grid]
    columns = 2
    rows = 2
    [tile.sram]
    bytes = "16 KiB"
    banks = 8
    bank_width = "16 B"
    [tile.accumulator]
    bytes = "4 KiB"
    [[tile.array]]
    rows = 4
    columns = 4
    formats = ["PAL8"]
    [hbm]
    preset = "hbm2-2000"
    """

  /// The faults of the legal text with one line replaced, as printed; empty when there are none.
  static func faults(replacing old: String, with new: String) -> [String] {
    precondition(legal.contains(old), "the test's own text lacks \(old)")
    return faults(of: legal.replacing(old, with: new, maxReplacements: 1))
  }

  /// The faults of the legal text with lines added at its end, in section `[hbm]`.
  static func faults(adding lines: String) -> [String] { faults(of: legal + "\n" + lines) }

  static func faults(of text: String, overrides: [String] = []) -> [String] {
    do {
      _ = try Configuration.load(text: text, name: "t.toml", overrides: overrides)
      return []
    } catch {
      return error.faults.map(\.description)
    }
  }
}
