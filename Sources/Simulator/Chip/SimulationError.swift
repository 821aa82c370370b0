/// A run that cannot go on.
public enum SimulationError: Error, Equatable, CustomStringConvertible, Sendable {
  /// Nothing can happen any more and records are left: who waits for whom.
  case deadlock(String)
  /// A law of the simulator is broken: a bug in palsim.
  case law([String])
  /// The trace does not fit the machine: all reasons.
  case doesNotFit([String])

  public var description: String {
    switch self {
    case .deadlock(let report): "deadlock: no event is left and records have not retired\n" + report
    case .law(let laws):
      "a law of the simulator is broken; this is a bug in palsim, please report it:\n"
        + laws.map { "  \($0)" }.joined(separator: "\n")
    case .doesNotFit(let reasons): reasons.joined(separator: "\n")
    }
  }

  /// Exit code of the command line (`docs/architecture.md`).
  public var exitCode: Int32 {
    switch self {
    case .deadlock: 65
    case .law: 70
    case .doesNotFit: 78
    }
  }
}
