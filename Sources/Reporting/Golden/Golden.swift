import Foundation
import Statistics

/// A `NAME.golden.json`: a trace, a configuration, the figures their replay is expected to give, and why they became so.
///
/// A new golden names trace and configuration only (paths relative to its directory); `--bless` fills in the rest.
public struct Golden: Equatable, Sendable {
  /// Version of the layout.
  static let schema = 1

  /// One expected figure, as exact text: an integer, a decimal or a digest.
  public struct Figure: Equatable, Sendable, Codable {
    public var name: String
    public var value: String
  }

  /// Why the figures were accepted.
  public struct Blessing: Equatable, Sendable, Codable {
    /// ISO 8601, for example 2026-11-21.
    public var date: String
    public var reason: String
  }

  public var trace: String
  public var configuration: String
  public var figures: [Figure]
  /// Oldest first.
  public var blessings: [Blessing]

  /// Reads a golden; throws a `ResultFault` that says what is wrong with the file.
  public init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ResultFault(.cannotOpen, "cannot open '\(path)'")
    }
    let stored: Stored
    do { stored = try JSONDecoder().decode(Stored.self, from: data) } catch {
      throw ResultFault(.damaged, "'\(path)' is not a golden: \(Self.reason(error))")
    }
    guard stored.schema <= Self.schema else {
      throw ResultFault(.damaged, "'\(path)' is of schema \(stored.schema); this palsim reads \(Self.schema)")
    }
    (trace, configuration) = (stored.trace, stored.configuration)
    (figures, blessings) = (stored.figures ?? [], stored.blessings ?? [])
  }

  private struct Stored: Decodable {
    var schema: Int
    var trace: String
    var configuration: String
    var figures: [Figure]?
    var blessings: [Blessing]?
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "the key '\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
    default: "it is not valid JSON"
    }
  }

  /// The file's text: one figure a line, so that a change of figures is a readable diff.
  public var json: String {
    var text = JSONText()
    text.object { document in
      document.field("schema", .number(Self.schema))
      document.field("trace", .string(trace))
      document.field("configuration", .string(configuration))
      document.list("blessings") { list in
        for blessing in blessings {
          list.row([("date", .string(blessing.date)), ("reason", .string(blessing.reason))])
        }
      }
      document.list("figures") { list in
        for figure in figures { list.row([("name", .string(figure.name)), ("value", .string(figure.value))]) }
      }
    }
    return text.text + "\n"
  }
}
