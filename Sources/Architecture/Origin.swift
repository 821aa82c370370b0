/// Where a configured value comes from.
public enum Origin: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// A line of a file; line 0 means the file as a whole.
  case file(name: String, line: Int)
  /// `--set key=value`, as typed.
  case override(String)
  /// A word of the command line, as typed.
  case argument(String)
  /// A named preset.
  case preset(String)

  public var description: String {
    switch self {
    case .file(let name, 0): name
    case .file(let name, let line): "\(name):\(line)"
    case .override(let text): "--set \(text)"
    case .argument(let text): text
    case .preset(let name): "preset \(name)"
    }
  }
}
