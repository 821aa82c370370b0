import Architecture
import Simulator

/// A command trace as CSV, in the order of time; clocks in scheduling ticks from 1, -1 where a command names no such level.
public enum CommandTable {
  /// The first line. More than one stack ID of the device add a last column.
  public static func header(stackIDs: Int) -> [UInt8] {
    Array("clock,command,Channel,PseudoChannel,BankGroup,Bank,Row,Column\(stackIDs > 1 ? ",StackID" : "")\n".utf8)
  }

  /// The lines of commands, in any order, that come after all that were written before.
  public static func lines(_ commands: [IssuedCommand], stackIDs: Int) -> [UInt8] {
    let names = DRAMCommand.allCases.map { Array("\($0)".utf8) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(40 * commands.count)
    for command in inOrder(commands) {
      append(command.clock, to: &bytes)
      bytes.append(0x2C)
      bytes += names[Int(command.command.rawValue)]
      var fields = [
        command.channel, command.pseudoChannel, command.bankGroup, command.bank, command.row, command.column,
      ]
      if stackIDs > 1 { fields.append(command.stackID) }
      for field in fields {
        bytes.append(0x2C)
        append(Int64(field), to: &bytes)
      }
      bytes.append(0x0A)
    }
    return bytes
  }

  /// By clock, then as they were issued.
  private static func inOrder(_ commands: [IssuedCommand]) -> [IssuedCommand] {
    commands.enumerated().sorted { ($0.element.clock, $0.offset) < ($1.element.clock, $1.offset) }.map(\.element)
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) { bytes += Array(String(number).utf8) }
}
