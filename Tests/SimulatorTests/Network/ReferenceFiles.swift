import CZlib
import Foundation

@testable import Architecture

/// The packet lists of `Reference/` and the figures BookSim 2 (commit 28f4329) gave for them.
enum ReferenceFiles {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let folder = root.appendingPathComponent("Reference")

  /// A packet list on a configuration: `LIST__CONFIGURATION.csv`, perhaps compressed.
  struct Run: CustomStringConvertible, Sendable {
    let list: String
    let configuration: String
    var description: String { "\(list) on \(configuration)" }

    private func packets() throws -> [TwinPacket] {
      try rows(of: "\(list).trace").map {
        TwinPacket(cycle: $0[0], source: $0[1], destination: $0[2], flits: $0[3])
      }
    }

    /// The packets' numbers in the order of arrival, and what became of each.
    func expected() throws -> [(packet: Int, result: TwinResult)] {
      try rows(of: "\(list)__\(configuration).csv").map {
        ($0[0], TwinResult(inject: $0[5], head: $0[6], tail: $0[7], routers: $0[8]))
      }
    }

    /// On the shipped translation of the configuration.
    func scenario() throws -> RouterScenario {
      let project = root.appendingPathComponent("../../..").standardized
      let path = project.path + "/configs/reference/noc/\(configuration).toml"
      return RouterScenario(spec: try Configuration.loadNetwork(path: path).noc, packets: try packets())
    }
  }

  static let runs: [Run] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.sorted().compactMap { file in
      let parts = file.split(separator: ".")[0].components(separatedBy: "__")
      return parts.count == 2 ? Run(list: parts[0], configuration: parts[1]) : nil
    }
  }()

  /// Lines of a file, plain or compressed (`.gz`).
  static func lines(of name: String) throws -> [Substring] {
    let path = folder.appendingPathComponent(name).path
    let isPlain = FileManager.default.fileExists(atPath: path)
    let bytes = try inflated(isPlain ? path : path + ".gz")
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// Rows of whole numbers, without the header.
  static func rows(of name: String) throws -> [[Int]] {
    try lines(of: name).filter { $0.first?.isNumber == true }.map { line in
      line.split(separator: ",").map { Int($0) ?? -1 }
    }
  }

  private static func inflated(_ path: String) throws -> [UInt8] {
    guard let file = gzopen(path, "rb") else { throw CocoaError(.fileNoSuchFile) }
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = gzread(file, &block, 1 << 16), count > 0 { bytes += block[..<Int(count)] }
    return bytes
  }
}
