/// A value of a configuration before it is understood, with the place it was written.
public struct Node: Equatable, Sendable {
  public var origin: Origin
  public var content: Content

  public init(origin: Origin, content: Content) {
    self.origin = origin
    self.content = content
  }

  public indirect enum Content: Equatable, Sendable {
    case table([String: Node])
    case list([Node])
    case scalar(Scalar)
  }

  public enum Scalar: Equatable, Sendable {
    case integer(Int64)
    case string(String)
    case flag(Bool)
    /// Anything no key accepts: its kind in words and its text.
    case other(kind: String, text: String)
  }

  public var table: [String: Node]? { if case .table(let children) = content { children } else { nil } }
  public var list: [Node]? { if case .list(let items) = content { items } else { nil } }
  public var string: String? { if case .scalar(.string(let text)) = content { text } else { nil } }
  public var flag: Bool? { if case .scalar(.flag(let value)) = content { value } else { nil } }
  public var integer: Int64? { if case .scalar(.integer(let value)) = content { value } else { nil } }

  /// The node at a path of table names, if there is one.
  public subscript(names: String...) -> Node? {
    var node: Node? = self
    for name in names { node = node?.table?[name] }
    return node
  }

  /// Puts `top` over this node: tables are merged key by key, everything else is replaced.
  mutating func overlay(_ top: Node) {
    guard case .table(var children) = content, case .table(let above) = top.content else {
      self = top
      return
    }
    for (name, node) in above {
      if children[name] == nil { children[name] = node } else { children[name]?.overlay(node) }
    }
    self = Node(origin: top.origin, content: .table(children))
  }
}

extension Node {
  /// What was found, in words for messages: `"1.05 GB"`, `48`, `a list of 3`, `the date 2020-01-01`.
  public var found: String {
    switch content {
    case .table: "a section"
    case .list(let items): items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .scalar(.integer(let value)): "\(value)"
    case .scalar(.flag(let value)): "the truth value \(value)"
    case .scalar(.string(let text)): TOMLText.quoted(String(text.prefix(60)))
    case .scalar(.other(let kind, let text)): text.isEmpty ? "a \(kind)" : "the \(kind) \(text)"
    }
  }
}
