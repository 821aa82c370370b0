import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Temporary files of this process that have no name of their own yet: a signal that ends it is to take them along.
public enum UnfinishedFiles {
  private typealias Place = Atomic<UnsafeMutablePointer<CChar>?>
  /// Files beyond these are written all the same, but are not noted.
  private static let capacity = 64
  /// Paths; a table without locks, because a signal handler reads it.
  private nonisolated(unsafe) static let places: UnsafeMutablePointer<Place> = {
    let places = UnsafeMutablePointer<Place>.allocate(capacity: capacity)
    for index in 0..<capacity { (places + index).initialize(to: Place(nil)) }
    return places
  }()

  /// To be called before a handler that calls `remove` is installed: what is made at first use is made now.
  public static func prepare() { _ = places }

  /// Removes them all. Safe in a signal handler.
  public static func remove() {
    for index in 0..<capacity {
      if let path = places[index].exchange(nil, ordering: .relaxed) { unlink(path) }
    }
  }

  /// Makes a temporary file, noted until `forget` is called; no signal comes between the two. The descriptor is -1 if that fails.
  static func create(_ template: inout [CChar]) -> (descriptor: Int32, note: Int?) {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let descriptor = mkstemp(&template)
    return (descriptor, descriptor >= 0 ? note(template) : nil)
  }

  private static func note(_ path: [CChar]) -> Int? {
    guard let copy = strdup(path) else { return nil }
    for index in 0..<capacity
    where places[index].compareExchange(expected: nil, desired: copy, ordering: .relaxed).exchanged { return index }
    free(copy)
    return nil
  }

  static func forget(_ place: Int?) {
    if let place, let path = places[place].exchange(nil, ordering: .relaxed) { free(path) }
  }
}
