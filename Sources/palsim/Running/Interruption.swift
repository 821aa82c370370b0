import Foundation
import InstructionTrace
import Synchronization

/// Ctrl-C and termination: they end a command at once, without leaving half a file; or they are noted by the signal
/// handler and acted on where a run can stop whole.
enum Interruption {
  private static let noted = Atomic<Bool>(false)

  /// From now on SIGINT and SIGTERM remove the files that are not whole yet before they end the process. What was ignored
  /// so far, as in a background job of a shell, stays so.
  static func removeUnfinishedFiles() {
    UnfinishedFiles.prepare()
    unblock()
    for number in [SIGINT, SIGTERM] {
      let before = signal(number) { number in
        UnfinishedFiles.remove()
        signal(number, SIG_DFL)
        raise(number)
      }
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }
  }

  /// From now on SIGINT and SIGTERM are noted; a second one ends the process at once.
  static func install() {
    _ = noted.load(ordering: .relaxed)
    unblock()
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        guard Interruption.note() else { return }
        UnfinishedFiles.remove()
        _exit(130)
      }
    }
  }

  /// A process started from a thread that blocks signals would never see them.
  private static func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  static var isRequested: Bool { noted.load(ordering: .relaxed) }

  /// True when it had been noted before.
  private static func note() -> Bool { noted.exchange(true, ordering: .relaxed) }
}
