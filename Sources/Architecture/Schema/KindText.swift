extension Kind {
  /// Prints a value as TOML that reads back as the same value.
  func text(_ value: Value) -> String {
    switch (self, value) {
    case (.quantity(let dimension, _), .integer(let number)): TOMLText.quoted(dimension.text(number))
    case (.powerOfTwoBytes, .integer(let number)): TOMLText.quoted(Dimension.bytes.text(number))
    case (.cycles, .integer(let number)): TOMLText.quoted(Dimension.cycles.text(number))
    case (.bytesPerCycle, .integer(let number)): TOMLText.quoted(Dimension.bytesPerCycle.text(number))
    case (.flag, .integer(let number)): number == 0 ? "false" : "true"
    case (_, .integer(let number)): "\(number)"
    case (_, .text(let text)): TOMLText.quoted(text)
    case (_, .texts(let texts)): Self.list(texts.map(TOMLText.quoted))
    case (_, .integers(let numbers)): Self.list(numbers.map { "\($0)" })
    }
  }

  /// A TOML list, broken into indented lines that end before column 120.
  private static func list(_ items: [String]) -> String {
    let oneLine = "[" + items.joined(separator: ", ") + "]"
    guard oneLine.utf8.count > 90 else { return oneLine }
    var lines = [" "]
    for item in items {
      if lines[lines.count - 1].utf8.count + item.utf8.count > 110, lines[lines.count - 1] != " " { lines.append(" ") }
      lines[lines.count - 1] += " \(item),"
    }
    return "[\n" + lines.joined(separator: "\n") + "\n]"
  }
}
