import Foundation
import Testing

@Suite("palsim compile")
struct CompileCommandTests {
  private static let gemm = "name,operator,m,n,k\na,gemm,3,4,4\n"

  /// Compiles a table given as text for the machine of tests.
  private func compile(
    _ table: String, _ options: [String] = [], in directory: TemporaryDirectory
  ) throws -> Binary.Outcome {
    let file = try directory.write(table, to: "model.csv")
    return try Binary.run(
      ["compile", file, "--config", "configs/tiny.toml", "-o", directory.path("t.pal.gz")] + options)
  }

  @Test("A table becomes a trace without findings")
  func compiles() throws {
    let directory = try TemporaryDirectory()
    let outcome = try compile(Self.gemm, in: directory)
    #expect(outcome.code == 0 && outcome.errors == "")
    #expect(outcome.output.hasPrefix("\(directory.path("t.pal.gz")): 1 layers, 48 MACs, "))
    let validation = try Binary.run("trace", "validate", directory.path("t.pal.gz"))
    #expect(validation.code == 0 && validation.output.contains("no findings"))
  }

  @Test("Cuts may be estimated only, and the trace says so")
  func cuts() throws {
    let directory = try TemporaryDirectory()
    let table = "name,operator,m,n,k\na,gemm,96,128,200\n"
    for (options, words) in [([], false), (["--cuts", "timed"], false), (["--cuts", "estimated"], true)] {
      #expect(try compile(table, options, in: directory).code == 0)
      let info = try Binary.run("trace", "info", directory.path("t.pal.gz"))
      #expect(info.output.contains("--cuts estimated") == words, "\(options): \(info.output)")
    }
    let refused = try compile(table, ["--cuts", "time"], in: directory)
    #expect(refused.code == 64 && refused.errors.contains("'timed' and 'estimated'"))
  }

  @Test("A layer that shares an operand with the one before fits as the network does, though both alone would not")
  func sharedOperand() throws {
    let directory = try TemporaryDirectory()
    let table = """
      name,operator,input,input2,m,n,k,channels,vocabulary
      e,embedding,,,6144,,,1024,1
      r,add,e,e,,,,,
      g,gemm,,,6144,8,1024,,

      """
    let outcome = try compile(table, in: directory)
    #expect(outcome.code == 0 && outcome.errors == "", "\(outcome.errors)")
  }

  @Test("A small layer behind a large one is chosen by its own time")
  func smallBehindLarge() throws {
    let directory = try TemporaryDirectory()
    let table = "name,operator,input,m,n,k\na,gemm,,256,128,4096\nb,gemm,external,32,164,225\n"
    let file = try directory.write(table, to: "two.csv")
    func cycles(_ cuts: String) throws -> Int {
      let out = directory.path(cuts)
      #expect(
        try Binary.run("run", file, "--config", "configs/tiny.toml", "--cuts", cuts, "-q", "-o", out).code == 0)
      let layers = try String(contentsOfFile: "\(out)/layers.csv", encoding: .utf8)
      let row = layers.split(separator: "\n").first { $0.contains(",b,") }
      return try #require(row?.split(separator: ",").dropFirst(5).first.flatMap { Int($0) })
    }
    #expect(try cycles("timed") <= cycles("estimated"))
  }

  @Test("Ctrl-C while cuts are timed leaves nothing behind; exit code 130")
  func interrupted() throws {
    let directory = try TemporaryDirectory()
    let outcome = try Binary.shell(
      """
      cd '\(directory.root)' && mkdir tmp && export TMPDIR=$PWD/tmp
      "\(Binary.path)" compile '\(Binary.root)/traces/models/resnet50.csv' --config '\(Binary.root)/configs/big.toml' \
        -o t.pal.gz & compile=$!
      sleep 2
      kill -INT $compile; wait $compile
      """)
    #expect(outcome.code == 130)
    #expect(outcome.errors == "palsim compile: interrupted while compiling; nothing is written\n")
    #expect(try directory.contents == ["tmp"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("tmp")) == [])
  }

  @Test("Every fault of a table is listed at once, with file, line and column; exit code 65")
  func faults() throws {
    let directory = try TemporaryDirectory()
    let outcome = try compile("name,operator,m,n,k\na,gemn,3,4,4\nb,gemm,0,4,4\nc,gemm,3,x,4\n", in: directory)
    let file = directory.path("model.csv")
    #expect(outcome.code == 65 && outcome.output == "")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("palsim compile: \(file):2:2: found 'gemn' in column 'operator', expected one of "))
    #expect(lines[0].hasSuffix("; did you mean 'gemm'?"))
    #expect(lines[1].hasPrefix("\(file):3:3: found '0' in column 'm', expected a whole number from 1 to "))
    #expect(lines[2].hasPrefix("\(file):4:4: found 'x' in column 'n', expected a whole number from 1 to "))
    #expect(try directory.contents == ["model.csv"])
  }

  @Test("An empty table is refused with 65")
  func empty() throws {
    let directory = try TemporaryDirectory()
    let outcome = try compile("", in: directory)
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("model.csv: the file is empty, expected a layer table"))
  }

  @Test("A missing table or machine ends with 66")
  func missing() throws {
    let directory = try TemporaryDirectory()
    let table = try Binary.run(
      "compile", directory.path("none.csv"), "--config", "configs/tiny.toml", "-o", directory.path("t.pal.gz"))
    #expect(table.code == 66)
    #expect(table.errors == "palsim compile: \(directory.path("none.csv")): no such file\n")
    let machine = try compile(Self.gemm, ["--config", directory.path("none.toml")], in: directory)
    #expect(machine.code == 66 && machine.errors.contains("none.toml: cannot be read"))
  }

  @Test("A trace that cannot be created ends with 73")
  func unwritable() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(Self.gemm, to: "model.csv")
    let output = directory.path("missing/t.pal.gz")
    let outcome = try Binary.run("compile", file, "--config", "configs/tiny.toml", "-o", output)
    #expect(outcome.code == 73)
    #expect(outcome.errors.hasPrefix("palsim compile: \(output): cannot create the file"))
  }

  @Test("A layer the machine cannot do ends with 78 and leaves no trace")
  func doesNotFit() throws {
    let directory = try TemporaryDirectory()
    let format = try compile(Self.gemm, ["--format", "INT9"], in: directory)
    #expect(format.code == 78)
    #expect(format.errors.contains("layer 'a' does not fit the machine: its arrays take"))
    #expect(format.errors.contains("not 'INT9'; did you mean 'INT8'?"))
    let wide = try compile("name,operator,height,channels\nw,softmax,1,1000000\n", in: directory)
    #expect(wide.code == 78)
    #expect(wide.errors.contains("layer 'w' does not fit the machine: a row of 1000000 values is larger than"))
    #expect(try directory.contents == ["model.csv"])
  }

  @Test("What was read in another dialect is said, and goes to the errors")
  func dialects() throws {
    let directory = try TemporaryDirectory()
    let table = """
      Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides, Extra,
      c, 9, 9, 3, 3, 4, 8, 2, 9,

      d, 6, 6, 3, 3, 8, 1, 1, 9,
      p, 4, 4, 1, 1, 8, 8, 1, 9,
      """
    let floor = try compile(table, ["--print-tiling"], in: directory)
    #expect(floor.code == 0)
    #expect(floor.errors.contains("model.csv: columns ignored: 'Extra'\n"))
    #expect(floor.errors.contains("'d' has one filter and the next layer reads all its channels: depthwise\n"))
    #expect(floor.output.contains("depthwise"))
    let even = table.replacingOccurrences(of: "c, 9, 9", with: "c, 8, 8")
    func macs(_ outcome: Binary.Outcome) -> Substring? { outcome.output.split(separator: " ").dropFirst(3).first }
    let plain = try compile(even, in: directory)
    let ceiling = try compile(even, ["--dialect", "scalesim"], in: directory)
    // The first layer has 3 x 3 or 4 x 4 results of 288 MACs each, the others 16 of 72 and of 64.
    #expect(macs(plain) == "4768")
    #expect(macs(ceiling) == "6784")
  }

  @Test("The tiling of a network fits 100 columns", arguments: ["resnet50", "bert_base_128"])
  func tiling(_ network: String) throws {
    let directory = try TemporaryDirectory()
    let outcome = try Binary.run(
      "compile", "traces/models/\(network).csv", "--config", "configs/big.toml", "-o", directory.path("t.pal.gz"),
      "--print-tiling")
    #expect(outcome.code == 0)
    let table = outcome.output.split(separator: "\n").dropLast()
    #expect(table.count > 70)
    #expect(table.allSatisfy { $0.count <= 100 })
  }
}
