import ArgumentParser
import Foundation
import PALArithmetic
import Testing

@testable import palsim

@Suite struct PalCommandTests {
  /// A fresh directory for one test.
  private func directory() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("pal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  private func run(_ arguments: [String]) throws {
    var command = try PalCommand.parseAsRoot(arguments)
    try command.run()
  }

  /// The exit code a command line ends with; 0 when it succeeds.
  private func exitCode(_ arguments: [String]) -> Int32 {
    do {
      try run(arguments)
      return 0
    } catch {
      return PalCommand.exitCode(for: error).rawValue
    }
  }

  @Test func numbersPrintAllTheirDigits() {
    #expect(PalNumber.exactDecimal(0.1) == "0.1000000000000000055511151231257827021181583404541015625")
    #expect(PalNumber.exactDecimal(-0x1p70) == "-1180591620717411303424")
    #expect(PalNumber.exactDecimal(1.5) == "1.5" && PalNumber.exactDecimal(0) == "0")
    #expect(PalNumber.exactDecimal(0x1p-1074).hasSuffix("65625") && PalNumber.exactDecimal(0x1p-1074).count == 1076)
    for value in [1.0, -0.1, 0x1.8p-1000, 3e200, 0x1p-1074] { #expect(Double(PalNumber.hexFloat(value)) == value) }
    #expect(PalNumber.hexFloat(-0.75) == "-0x1.8p-1")
  }

  @Test func theTableOfAFormatIsCSV() throws {
    let path = try directory().appendingPathComponent("pal4.csv").path
    try run(["table", "pal4", "--out", path])
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 17 && lines[0] == "code,sign,exponent,value,hex_float")
    #expect(lines[2] == "0x1,0,-6/2,0.125,0x1p-3" && lines[16] == "0xf,1,0/2,-1,-0x1p+0")
  }

  @Test func matricesSurviveNumPyFiles() throws {
    let path = try directory().appendingPathComponent("m.npy").path
    let matrix = try Matrix(rows: 2, columns: 3, values: [1, -2.5, 3, 0, 1e300, -0.1])
    try PalNumpy.write(matrix, to: path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try PalNumpy.read(path) == matrix && (bytes.count - 48) % 64 == 0)
    let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]) + Data(header.utf8)
    for value in [1, 2, 3, 4] as [Float] { withUnsafeBytes(of: value.bitPattern) { data.append(contentsOf: $0) } }
    try data.write(to: URL(fileURLWithPath: path))
    #expect(try PalNumpy.read(path).values == [1, 3, 2, 4])
    try data.dropLast().write(to: URL(fileURLWithPath: path))
    #expect { try PalNumpy.read(path) } throws: {
      ($0 as? PalFault)?.message.contains("expected 16 bytes of 2 x 2 elements, found 15") == true
    }
  }

  @Test func aProductIsWrittenAndJudged() throws {
    let folder = try directory()
    let paths = ["A", "B", "C"].map { folder.appendingPathComponent($0 + ".npy").path }
    try PalNumpy.write(Matrix(rows: 1, columns: 2, values: [0.5, -1]), to: paths[0])
    try PalNumpy.write(Matrix(rows: 2, columns: 1, values: [4, 0.25]), to: paths[1])
    try run(["matmul", paths[0], paths[1], "--format", "pal8", "--block", "1", "--out", paths[2]])
    #expect(try PalNumpy.read(paths[2]) == Matrix(rows: 1, columns: 1, values: [1.75]))
    #expect(exitCode(["matmul", paths[0], paths[0]]) == 65)
    #expect(exitCode(["matmul", paths[0], folder.appendingPathComponent("no.npy").path]) == 66)
    #expect(exitCode(["matmul", paths[0], paths[1], "--out", "/no/such/folder/c.npy"]) == 73)
  }

  @Test func vectorsAndStudiesAreTheSameEveryTime() throws {
    let folder = try directory()
    let files = ["1", "2"].map { folder.appendingPathComponent($0) }
    for file in files {
      try run(["vectors", "pal16", "--count", "3", "--terms", "20", "--block", "8", "--out", file.path])
    }
    #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
    let lines = try String(contentsOf: files[0], encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 4 + 9 && lines[1].hasPrefix("lane format=pal16 bits=16 gamma=256 W=64 drop=214 Q=12 M=12"))
    let (csv, svg) = (folder.appendingPathComponent("a.csv"), folder.appendingPathComponent("a.svg"))
    try run([
      "accuracy", "--formats", "pal8,int8", "--samples", "1024", "--terms", "64", "--csv", csv.path, "--svg", svg.path,
    ])
    #expect(try String(contentsOf: csv, encoding: .utf8).split(separator: "\n").count == 1 + 2 * 3)
    let picture = try String(contentsOf: svg, encoding: .utf8)
    #expect(picture.hasPrefix("<svg") && picture.components(separatedBy: "<rect").count == 1 + 1 + 3 + 6)
  }

  @Test func mistakesAreToldApart() {
    #expect(exitCode(["encode", "pal9", "1"]) == 64)
    #expect(exitCode(["encode", "pal8", "one"]) == 64)
    #expect(exitCode(["encode", "pal8", "-0.5", "--scale", "200"]) == 64)
    #expect(exitCode(["encode", "int8", "1", "--rounding", "stochastic"]) == 64)
    #expect(exitCode(["decode", "pal8", "0x100"]) == 64)
    #expect(exitCode(["dot", "pal8", "--a", "1,2", "--b", "1"]) == 64)
    #expect(exitCode(["dot", "pal8", "--accumulator-bits", "500"]) == 64)
    #expect(exitCode(["table", "fp32"]) == 64)
    #expect(exitCode(["encode", "pal8", "-0.5", "-inf", "nan"]) == 0)
    #expect { try PalInput.choice("nrmal", option: "--distribution") as Distribution } throws: {
      ($0 as? PalFault)?.message.contains("did you mean 'normal'") == true
    }
  }
}
