import CLinux
import Foundation
import Synchronization

/// Forces a log, and before it the directories its lines speak of, to the disk: in the background, at most once a second.
final class DiskSync: Sendable {
  private struct State {
    var isRequested = false
    var isRunning = false
    var hasFailed = false
  }

  private let log: Int32
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "palsim.sweep.sync")

  init(_ log: Int32) { self.log = log }

  /// Something was written: it is on the disk in about a second.
  func request() {
    let starts = state.withLock { state in
      defer { (state.isRequested, state.isRunning) = (true, true) }
      return !state.isRunning
    }
    if starts { queue.asyncAfter(deadline: .now() + 1) { self.run() } }
  }

  /// Forces everything now. False when that, or an earlier attempt, failed.
  @discardableResult
  func finish() -> Bool {
    queue.sync { force() }
    return state.withLock { !$0.hasFailed }
  }

  private func run() {
    force()
    let again = state.withLock { state in
      state.isRunning = state.isRequested
      return state.isRequested
    }
    if again { queue.asyncAfter(deadline: .now() + 1) { self.run() } }
  }

  private func force() {
    let isNeeded = state.withLock { state in
      defer { state.isRequested = false }
      return state.isRequested
    }
    guard isNeeded else { return }
    // The whole file system: one call for all run directories since the last time.
    if syncfs(log) != 0 || fdatasync(log) != 0 { state.withLock { $0.hasFailed = true } }
  }
}
