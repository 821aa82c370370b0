import Foundation
import Synchronization

/// Ctrl-C and termination: noted by the signal handler, acted on where a run can stop whole.
enum Interruption {
  private static let noted = Atomic<Bool>(false)

  /// From now on SIGINT and SIGTERM are noted; a second one ends the process at once. They are unblocked too: a process
  /// started from a thread that blocks signals would never see them.
  static func install() {
    _ = noted.load(ordering: .relaxed)
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&signals, number)
      signal(number) { _ in
        if Interruption.note() { _exit(130) }
      }
    }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  static var isRequested: Bool { noted.load(ordering: .relaxed) }

  /// True when it had been noted before.
  private static func note() -> Bool { noted.exchange(true, ordering: .relaxed) }
}
