import ArgumentParser
import Simulator

extension Idealisation {
  /// The parts named in the text of an `--ideal` option, separated by commas.
  /// - Throws: `ValidationError` for a name that is no part.
  init(argument: String?) throws {
    self = []
    for word in (argument ?? "").split(separator: ",") {
      let name = String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      guard let part = Self.names.first(where: { $0.name == name })?.part else {
        let known = Self.names.map(\.name).joined(separator: ", ")
        throw ValidationError("--ideal: '\(name)' is not a part; the parts are \(known)")
      }
      formUnion(part)
    }
  }
}
