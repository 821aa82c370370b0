import Foundation
import Testing

@testable import ModelCompiler

/// Reading layer tables: dialects, arithmetic, and what is said about faults.
@Suite struct TableTests {
  private func faults(_ table: String, _ dialect: TableDialect = .palsim) -> [TableFault] {
    do {
      _ = try ModelReader.read(text: table, file: "net.csv", dialect: dialect)
      return []
    } catch {
      guard case .table(let faults) = error else { return [] }
      return faults
    }
  }

  @Test func everyFaultIsToldWithItsPlace() {
    let table = """
      name,operator,height,width,channels,filters,kernel,stride,padding
      a,conv,8,8,3,4,3,1,1
      b,conf,8,8,4,4,3,1,1

      c,conv,8,8,4,many,3,1,1
      d,conv,2,2,4,4,5,1,1
      """
    let found = faults(table)
    #expect(found.map(\.line) == [3, 5, 6])
    #expect(found.map(\.column) == [2, 6, 7])
    #expect(found[0].description.hasPrefix("net.csv:3:2: found 'conf' in column 'operator'"))
    #expect(found[0].message.hasSuffix("did you mean 'conv'?"))
    #expect(found[1].message.contains("found 'many'"))
    #expect(found[2].message.contains("does not fit the padded input 2x2"))
  }

  @Test func unknownColumnsAndOperatorsAreNamed() {
    #expect(faults("name,operatr\na,add")[0].message == "unknown column 'operatr'; did you mean 'operator'?")
    let lrn = faults("name,operator,height,width,channels\nx,lrn,2,2,2")
    #expect(lrn.count == 1)
    #expect(lrn[0].message.contains("found 'lrn'"))
  }

  @Test func shapesMustAgreeBetweenLayers() {
    let table = """
      name,operator,height,width,channels,filters,kernel
      a,conv,8,8,3,4,3
      b,conv,8,8,4,4,3
      """
    #expect(faults(table).map(\.message) == ["'a' gives 6x6x4, but 'b' reads 8x8x4"])
    let missing = "name,operator,input,height,width,channels,filters,kernel\na,conv,z,8,8,3,4,3"
    #expect(faults(missing).first?.message.hasPrefix("no layer 'z' stands above") == true)
  }

  /// Products of the largest sizes a cell may hold would overflow.
  @Test func absurdSizesAreRefused() {
    let huge = RowReader.largest
    let columns = "name,operator,height,width,channels,filters,kernel,heads,head_size,query,batch"
    #expect(faults("\(columns)\na,conv,\(huge),\(huge),\(huge),\(huge),4096,,,,\(huge)").count == 1)
    #expect(faults("\(columns)\na,attention,,,,,,\(huge),\(huge),\(huge),\(huge)").count == 1)
    #expect(faults("\(columns)\na,add,1,1,\(huge + 1),,,,,,").count == 2)
    #expect(faults(Self.header + "\nA,\(huge),\(huge),3,3,\(huge),\(huge),1").count == 1)
  }

  @Test(arguments: ["", "\n\n", ",,,\n"]) func emptyTablesAreRefused(_ text: String) {
    #expect(faults(text).map(\.line) == [0])
  }

  @Test func binaryAndMissingFilesAreRefused() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("tables-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appendingPathComponent("trace.csv")
    try Data([0x1F, 0x8B, 0, 0]).write(to: path)
    let binary = #expect(throws: CompileError.self) { try ModelReader.read(file: path.path) }
    #expect(binary?.exitCode == 65)
    let missing = #expect(throws: CompileError.self) { try ModelReader.read(file: path.path + "x") }
    #expect(missing?.exitCode == 66)
    #expect(missing?.description == "\(path.path)x: no such file")
  }

  @Test func spacesCarriageReturnsAndTrailingCommasDoNotMatter() throws {
    let plain = "name,operator,m,n,k\na,gemm,4,5,6\nb,gemm,,7,5"
    let messy = "# a note\r\n name , Operator,m,n , k,\r\n\r\n a, GEMM ,4, 5,6,\r\n,,,,,\r\nb,gemm,, 7 ,5\r\n"
    let a = try ModelReader.read(text: plain, file: "x.csv")
    let b = try ModelReader.read(text: messy, file: "x.csv")
    #expect(a.layers.map(\.operation) == b.layers.map(\.operation))
    #expect(a.digest == b.digest)
  }

  // MARK: The SCALE-Sim family

  private static let header =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,"

  @Test func theCeilingNeedsItsDialect() throws {
    let table = Self.header + "\nConv1, 230, 230, 7, 7, 3, 64, 2,\n"
    let floor = try ModelReader.read(text: table, file: "t.csv").layers[0]
    let ceiling = try ModelReader.read(text: table, file: "t.csv", dialect: .scalesim).layers[0]
    #expect(floor.operation.outputShape.height == 112)
    #expect(ceiling.operation.outputShape.height == 113)
    #expect(faults("name,operator,m,n,k\na,gemm,1,1,1", .scalesim).count == 1)
  }

  @Test func depthwiseRowsAreRecognisedAndSaid() throws {
    let table = Self.header + "\nA, 10, 10, 3, 3, 8, 1, 1,\nB, 8, 8, 1, 1, 8, 16, 1,\nC, 8, 8, 3, 3, 16, 1, 1,\n"
    let model = try ModelReader.read(text: table, file: "t.csv")
    #expect(model.layers.map(\.operation.name) == ["depthwise", "conv", "conv"])
    #expect(model.notices == ["line 2: 'A' has one filter and the next layer reads all its channels: depthwise"])
  }

  @Test func matricesAndOddHeadersAreRead() throws {
    let matrix = try ModelReader.read(text: "Layer,M,N,K,\r\nQ,2,3,4,\r\n", file: "t.csv")
    #expect(matrix.layers[0].operation == .gemm(m: 2, n: 3, k: 4))
    let odd = Self.header + ",,Eh,\nA,8,8,3,3,4,5,1,,,6,\n"
    #expect(try ModelReader.read(text: odd, file: "t.csv").notices == ["columns ignored: 'Eh'"])
    #expect(faults(Self.header + "\nA,8,8,9,3,4,5,x,\n").map(\.line) == [2, 2])
  }

  private static let fieldTables = ProcessInfo.processInfo.environment["PALSIM_LAYER_TABLES"]

  /// Tables in use, where a copy is at hand: its directory is named by PALSIM_LAYER_TABLES.
  @Test(.enabled(if: fieldTables != nil)) func tablesOfTheFieldAreRead() throws {
    let directory = try #require(Self.fieldTables)
    let expected = [
      "Googlenet.csv": 58, "Resnet18.csv": 21, "Resnet50_irregular.csv": 54, "gemm_gpt2.csv": 6, "gemm_vit_s.csv": 5,
      "mobilenet.csv": 27, "yolo_tiny.csv": 9,
    ]
    for (name, layers) in expected.sorted(by: { $0.key < $1.key }) {
      for dialect in TableDialect.allCases {
        let model = try ModelReader.read(file: "\(directory)/\(name)", dialect: dialect)
        #expect(model.layers.count == layers, "\(name)")
      }
    }
    let mobile = try ModelReader.read(file: "\(directory)/mobilenet.csv")
    #expect(mobile.layers.count { $0.operation.name == "depthwise" } == 13)
  }
}
