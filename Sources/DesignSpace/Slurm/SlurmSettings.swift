import Architecture

/// The `[slurm]` section of a space file: what each task of a sweep asks Slurm for, and how points are dealt out to tasks.
public struct SlurmSettings: Equatable, Sendable {
  public var partition: String?
  public var account: String?
  /// Wall time of a task as `sbatch --time` takes it, for example "01:00:00".
  public var time: String?
  /// Memory of a task as `sbatch --mem` takes it, for example "4G".
  public var memory: String?
  /// Further words for `sbatch`, for example "--qos=low".
  public var options: [String] = []
  /// Tasks in the queue at once, at most. A job array may be as long, so no more than what Slurm takes by default.
  public var tasks = 200
  /// Seconds of work a task is given, by the points measured so far.
  public var chunkSeconds = 60

  public init() {}

  /// Reads the section; nil stands for an empty one.
  /// - Throws: `SweepFault` (78) with every fault.
  public init(_ section: Node?) throws {
    guard let section else { return }
    guard section.table != nil else {
      throw SweepFault([Fault(origin: section.origin, key: "slurm", message: "found \(section.found), expected a section")])
    }
    var reader = SpaceSection(section, path: "slurm")
    (partition, account) = (reader.text("partition"), reader.text("account"))
    (time, memory) = (reader.text("time"), reader.text("memory"))
    options = reader.texts("options")
    if let word = options.first(where: { !$0.hasPrefix("-") }) {
      reader.fail("options", "found \"\(word)\", expected options of sbatch such as \"--qos=low\"")
    }
    if let number = reader.integer("tasks", in: 1...1000) { tasks = Int(number) }
    if let number = reader.integer("chunk_seconds", in: 1...86_400) { chunkSeconds = Int(number) }
    let faults = reader.finish()
    if !faults.isEmpty { throw SweepFault(faults) }
  }

  /// Options of `sbatch`; the file's own `options` come last, so that they hold.
  var submitOptions: [String] {
    let named = [("partition", partition), ("account", account), ("time", time), ("mem", memory)]
    return named.compactMap { name, value in value.map { "--\(name)=\($0)" } } + options
  }
}
