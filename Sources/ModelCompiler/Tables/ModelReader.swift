import Foundation

/// How a layer table's output sizes are computed.
public enum TableDialect: String, CaseIterable, Sendable {
  /// True floor arithmetic, whatever tool the table was written for.
  case palsim
  /// SCALE-Sim's ceiling, for comparison with that tool.
  case scalesim
}

/// Reads layer tables: palsim's own, and those of the SCALE-Sim family, told apart by their header.
public enum ModelReader {
  /// Reads a file.
  /// - Throws: `CompileError.cannotOpen`, or `.table` with every fault.
  public static func read(file: String, dialect: TableDialect = .palsim) throws(CompileError) -> Model {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      let missing = !FileManager.default.fileExists(atPath: file)
      throw .cannotOpen(path: file, reason: missing ? "no such file" : "cannot be read as a file")
    }
    guard let text = String(data: data, encoding: .utf8), !text.contains("\0") else {
      let found = data.starts(with: [0x1F, 0x8B]) ? "found gzip (a trace?)" : "found binary data"
      throw .table([TableFault(file: file, line: 0, column: 0, message: "\(found), expected a layer table in text")])
    }
    return try read(text: text, file: file, dialect: dialect)
  }

  /// Reads text; `file` stands for it in messages.
  /// - Throws: `CompileError.table` with every fault.
  public static func read(
    text: String, file: String, dialect: TableDialect = .palsim
  ) throws(CompileError) -> Model {
    guard let table = RawTable(text: text) else {
      throw .table([TableFault(file: file, line: 0, column: 0, message: "the file is empty, expected a layer table")])
    }
    let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    if ScaleSimTable.recognises(table.header) {
      return try ScaleSimTable.read(table, file: file, name: name, roundsUp: dialect == .scalesim)
    }
    if dialect == .scalesim {
      let message = "the header is not one of the SCALE-Sim family: expected 'IFMAP Height' or M, N, K columns"
      throw .table([TableFault(file: file, line: table.header.line, column: 0, message: message)])
    }
    return try PalsimTable.read(table, file: file, name: name)
  }
}
