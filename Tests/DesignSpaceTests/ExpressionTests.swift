import Testing

@testable import DesignSpace

@Suite struct ExpressionTests {
  private func value(_ text: String, _ names: [String: ExpressionValue] = [:]) throws -> ExpressionValue {
    try ExpressionParser.parse(text).value { names[$0] }
  }

  @Test(arguments: [
    ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("10 - 2 - 3", 5), ("2 * -3", -6), ("-(2 + 1)", -3), ("7 % 4 * 2", 6),
    ("64 KiB / 1 KiB", 64), ("1.5 GHz", 1_500_000_000), ("819 GB/s / 1 GB/s", 819), ("8 B/cycle", 8),
    ("2 us / 1 ns", 2000),
  ])
  func arithmetic(_ text: String, _ expected: Double) throws { #expect(try value(text) == .number(expected)) }

  @Test(arguments: [
    ("1 < 2 and 2 < 1", false), ("1 < 2 or 2 < 1 and false_ == 1", true), ("not 1 == 1", false),
    ("not 1 == 2 and 1 == 1", true), ("1 + 1 == 2", true), ("3 != 3", false), ("'PAL8' == \"pal8\"", true),
    ("(1 < 2) and not (2 <= 1)", true),
  ])
  func conditions(_ text: String, _ expected: Bool) throws {
    #expect(try value(text, ["false_": .number(0)]) == .flag(expected))
  }

  @Test func namesAreLookedUp() throws {
    let names: [String: ExpressionValue] = ["tile.array[0].rows": .number(4), "tiles": .number(64)]
    #expect(try value("tiles * tile.array[0].rows <= 256", names) == .flag(true))
    #expect(try ExpressionParser.parse("tiles * x").names.map(\.column) == [1, 9])
  }

  @Test(arguments: [
    ("1 +", "column 4: found the end"), ("3 + * 4", "column 5: found '*'"),
    ("(1", "column 3: found the end, expected ')'"),
    ("1 2", "column 3: found '2', expected an operator"), ("a $ b", "column 3: '$' is no operator"),
    ("'x", "column 1: the text has no end"), ("1.2.3", "column 1: '1.2.3' is no number"),
    ("", "column 1: found the end"),
    ("and 1", "column 1: found 'and'"),
  ])
  func faultsHaveAColumn(_ text: String, _ message: String) {
    let fault = #expect(throws: ExpressionFault.self) { try ExpressionParser.parse(text) }
    #expect(fault?.message.hasPrefix(message) == true, "\(fault?.message ?? "")")
  }

  @Test(arguments: ["1 and 2", "'a' < 'b'", "'a' == 1", "not 3", "-'a'", "unknown > 1"])
  func kindsMustFit(_ text: String) {
    #expect(throws: ExpressionFault.self) { try value(text) }
  }
}
