import Architecture

/// One dimension of a design space: keys that move together through a list of levels.
public struct Axis: Sendable {
  /// A place on the axis.
  public struct Level: Equatable, Sendable {
    /// As written in results.
    public var text: String
    /// What `--set` would be given.
    public var settings: [String]

    public init(text: String, settings: [String]) {
      self.text = text
      self.settings = settings
    }
  }

  /// The column of results.
  public var name: String
  /// Paths of configuration keys, one unless the axis is zipped.
  public var keys: [String]
  /// In the order written; at least one.
  public var levels: [Level]
  /// Where it stands in the space file.
  public var origin: Origin

  public init(name: String, keys: [String], levels: [Level], origin: Origin) {
    self.name = name
    self.keys = keys
    self.levels = levels
    self.origin = origin
  }
}
