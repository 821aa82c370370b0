import ArgumentParser
import Foundation
import PALArithmetic

/// A failure of a `pal` command: one line and the exit code of `docs/architecture.md`.
struct PalFault: Error {
  /// The line.
  let message: String
  /// 64 command line, 65 damaged input, 66 unreadable input, 73 output not created, 74 write failed.
  let code: Int32
}

extension ParsableCommand {
  /// Runs a command's body; every fault becomes one line on standard error and its exit code.
  func reportingPalFaults(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let fault as PalFault {
      throw failed(fault.message, fault.code)
    } catch let error as FormatError {
      throw failed(error.description, 64)
    }
  }

  private func failed(_ message: String, _ code: Int32) -> ExitCode {
    FileHandle.standardError.write(Data("palsim: \(message)\n".utf8))
    return ExitCode(code)
  }
}

/// Reading what was typed.
enum PalInput {
  /// Numbers separated by commas.
  static func numbers(_ text: String, option: String) throws -> [Double] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { try number(String($0), option: option) }
  }

  /// One number: decimal, hex float, inf or nan.
  static func number(_ text: String, option: String) throws -> Double {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard let value = Double(trimmed) else {
      throw PalFault(message: "\(option): expected a number such as -0.25, 1e-3 or 0x1.8p-4, found '\(text)'", code: 64)
    }
    return value
  }

  /// A word in hexadecimal (0x7f) or decimal that fits the format.
  static func word(_ text: String, format: NumberFormat) throws -> UInt32 {
    let lower = text.lowercased()
    let value = lower.hasPrefix("0x") ? UInt64(lower.dropFirst(2), radix: 16) : UInt64(lower)
    let top = (UInt64(1) << UInt64(format.bits)) - 1
    guard let value, value <= top else {
      throw PalFault(
        message: "expected a word of \(format.name), 0x0 to 0x\(String(top, radix: 16)), "
          + "found '\(text)'", code: 64)
    }
    return UInt32(value)
  }

  /// Formats separated by commas.
  static func formats(_ text: String) throws -> [FormatChoice] {
    try text.split(separator: ",").map { try FormatChoice(named: String($0)) }
  }

  /// One of the named cases of an enumeration, else the nearest name.
  static func choice<Choice: RawRepresentable & CaseIterable>(_ text: String, option: String) throws -> Choice
  where Choice.RawValue == String {
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    throw PalFault(
      message: "\(option): unknown name '\(text)'; did you mean '\(NearestName.of(text, among: names))'? "
        + "It is one of \(names.joined(separator: ", "))", code: 64)
  }

  /// A whole number in a range.
  static func check(_ value: Int, _ range: ClosedRange<Int>, option: String) throws {
    guard range.contains(value) else {
      throw PalFault(
        message: "\(option) is \(range.lowerBound) to \(range.upperBound), found \(value)", code: 64)
    }
  }
}

/// Files of the `pal` commands.
enum PalFiles {
  /// All bytes of a file.
  static func read(_ path: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw PalFault(message: "\(path): cannot be read: \(reason(error))", code: 66)
    }
  }

  /// Writes a whole file, aside first, so that it is complete or absent.
  static func write(_ data: Data, to path: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw PalFault(message: "\(path): cannot be written: \(reason(error))", code: 73)
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
    guard let underlying, underlying.domain == NSPOSIXErrorDomain else {
      return (error as NSError).localizedDescription
    }
    return String(cString: strerror(Int32(underlying.code)))
  }
}
