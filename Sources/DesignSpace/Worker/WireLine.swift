import Foundation

/// Requests and results as lines of JSON, between a sweep and its workers.
public enum WireLine {
  /// The line with its line feed.
  public static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }

  /// Reads a line, with or without its line feed; nil when it is damaged.
  public static func decode<Value: Decodable>(_ type: Value.Type, _ line: some Collection<UInt8>) -> Value? {
    try? JSONDecoder().decode(type, from: Data(line))
  }
}
