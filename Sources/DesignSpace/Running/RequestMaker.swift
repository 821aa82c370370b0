import Architecture
import CZlib
import Foundation
import InstructionTrace

/// Turns points into requests, and knows the digests that say when two requests are the same work.
struct RequestMaker {
  private let space: SweepSpace
  private let force: Bool
  /// By configuration and input: a digest of everything but the overrides, to be continued.
  private var bases: [[ContentHash]] = []
  /// Of all that decides which points there are and what becomes of them.
  let identity: String

  /// - Throws: `SweepFault`, `ConfigurationError` or `TraceError` when a file cannot be read.
  init(_ space: SweepSpace, executable: String, force: Bool) throws {
    self.space = space
    self.force = force
    var common = ContentHash()
    common.add(executable)
    common.add(space.ideal)
    common.add(space.keep.rawValue)
    let inputs = try space.inputs.map { try PointInput(path: $0.path, cuts: space.cuts).digest }
    bases = try space.configurations.map { path in
      var hash = common
      hash.add(try ConfigurationBase(path: path).files.map { try ConfigurationFile.text(of: $0) })
      return inputs.map { input in
        var hash = hash
        hash.add(input)
        return hash
      }
    }
    var whole = ContentHash()
    whole.add(try ConfigurationFile.text(of: space.path))
    whole.add(bases.flatMap { $0.map(\.digits) })
    identity = whole.digits
  }

  func request(for point: SweepPoint) -> PointRequest {
    var hash = bases[point.configuration][point.input]
    hash.add(point.overrides)
    return PointRequest(
      point: point.index, request: hash.digits, configuration: space.configurations[point.configuration],
      input: space.inputs[point.input].path, overrides: point.overrides, values: point.values, force: force)
  }
}

/// A digest of an executable's content: CRC-32, Adler-32 and size.
public enum ExecutableDigest {
  /// - Throws: `SweepFault` (66) when the file cannot be read.
  public static func of(_ path: String) throws -> String {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
      throw SweepFault("cannot read '\(path)': \(error.localizedDescription)", exitCode: 66)
    }
    let sums = data.withUnsafeBytes { bytes in
      let start = bytes.bindMemory(to: UInt8.self).baseAddress
      return [crc32_z(0, start, bytes.count), adler32_z(1, start, bytes.count), UInt(bytes.count)]
    }
    return sums.map { String($0, radix: 16) }.joined(separator: "-")
  }
}
