/// Why results could not be written or read: one message for people, and the exit code of `docs/architecture.md`.
public struct ResultFault: Error, Equatable, CustomStringConvertible {
  public enum Kind: Int32, Sendable {
    case usage = 64
    case damaged = 65
    case cannotOpen = 66
    case cannotCreate = 73
    case failed = 74
  }
  public var kind: Kind
  public var description: String
  public var exitCode: Int32 { kind.rawValue }

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

/// A law of `docs/architecture.md` that the results break: a bug in palsim, never of the input. Exit code 70.
public struct LawViolation: Error, Equatable, CustomStringConvertible {
  /// The law in words, for example "sum of the timeline = the component's total".
  public var law: String
  /// Hierarchical name of what breaks it.
  public var component: String
  /// What was found on both sides.
  public var found: String
  public var exitCode: Int32 { 70 }
  public var description: String {
    "a law of the simulator is broken: \(law); \(component): \(found). This is a bug in palsim, not in your input; "
      + "no results were written."
  }
}
