import Foundation

/// `manifest.json`: what differs from one execution to the next and therefore is in no other file.
struct Manifest {
  var execution: RunExecution
  var cycles: Int64
  /// Files of the directory and their sizes.
  var files: [(name: String, bytes: Int64)]

  var json: String {
    var text = JSONText()
    let milliseconds = Int128((execution.wallSeconds * 1000).rounded())
    text.object { document in
      document.field("tool", .string("palsim"))
      document.field("version", .string(execution.toolVersion))
      document.list("command_line") { list in
        for word in execution.commandLine { list.field(nil, .string(word)) }
      }
      document.field("input", .string(execution.input))
      document.field("host", .string(ProcessInfo.processInfo.hostName))
      document.field("operating_system", .string(ProcessInfo.processInfo.operatingSystemVersionString))
      document.field("wall_seconds", .number(FixedDecimal(units: milliseconds, places: 3)))
      document.field(
        "cycles_per_second", .number(FixedDecimal(Int128(cycles) * 1000, over: milliseconds, places: 0)))
      document.field("events", .number(execution.events))
      document.list("files") { list in
        for file in files { list.row([("name", .string(file.name)), ("bytes", .number(file.bytes))]) }
      }
    }
    return text.text + "\n"
  }
}

/// How a run was started and how long it took.
public struct RunExecution: Sendable {
  public var toolVersion: String
  public var commandLine: [String]
  /// Absolute path of the trace, or of the model that was compiled.
  public var input: String
  /// From start to the end of the simulation.
  public var wallSeconds: Double
  /// Wake-ups the simulator handled (`Machine.events`): how much it did, whatever the machine.
  public var events: Int64
  public init(toolVersion: String, commandLine: [String], input: String, wallSeconds: Double, events: Int64 = 0) {
    self.toolVersion = toolVersion
    self.commandLine = commandLine
    self.input = input
    self.wallSeconds = wallSeconds
    self.events = events
  }
}
