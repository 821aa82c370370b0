/// Where the accesses of made-up traffic go.
public enum MemoryPattern: String, CaseIterable, Sendable {
  case sequential
  case random
  case stride
  case rowstride
  case hotbank
  case pingpong
  case hotchannel

  /// For the help.
  public var meaning: String {
    switch self {
    case .sequential: "each access follows the last"
    case .random: "anywhere in the memory"
    case .stride: "each access a fixed number of bytes after the last"
    case .rowstride: "each access in the next row of one bank"
    case .hotbank: "random rows and columns of one bank"
    case .pingpong: "two rows of one bank in turn"
    case .hotchannel: "anywhere in one channel"
    }
  }
}
