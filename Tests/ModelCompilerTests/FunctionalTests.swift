import Architecture
import Testing

@testable import ModelCompiler

/// Compiled networks executed on integers, in random legal orders, equal naive operators.
@Suite struct FunctionalTests {
  private static let dataflows = Dataflow.allCases

  /// Runs a table and returns memory before and after, with the MACs done.
  private func run(
    _ table: String, _ machine: TestMachine, seed: UInt64
  ) throws -> (before: NetworkMemory, after: NetworkMemory, macs: Int) {
    var generator = SplitMix64(seed: seed)
    let network = try CompiledNetwork(table: table, machine.spec())
    let before = NetworkMemory(network, using: &generator)
    var interpreter = Interpreter(network, memory: before.bytes)
    let finished = interpreter.run(using: &generator)
    #expect(finished, "deadlock, seed \(seed)\n\(table)")
    var after = before
    after.bytes = interpreter.memory
    return (before, after, interpreter.macs)
  }

  @Test(arguments: 0..<60) func convolutionsEqualTheNaiveTwin(_ index: Int) throws {
    var random = SplitMix64(seed: UInt64(index) &+ 1000)
    let kernel = Int.random(in: 1...3, using: &random)
    let shape = Shape(
      height: Int.random(in: kernel...9, using: &random), width: Int.random(in: kernel...9, using: &random),
      channels: Int.random(in: 1...5, using: &random))
    let stride = Int.random(in: 1...2, using: &random)
    let padding = Int.random(in: 0..<kernel, using: &random)
    let filters = Int.random(in: 1...20, using: &random)
    let batch = Int.random(in: 1...2, using: &random)
    let machine = TestMachine(
      columns: Int.random(in: 1...3, using: &random), rows: Int.random(in: 1...2, using: &random),
      sram: [1024, 4096, 16384].randomElement(using: &random)!,
      accumulator: [1024, 4096].randomElement(using: &random)!,
      arrayRows: Int.random(in: 1...8, using: &random), arrayColumns: [4, 8, 16].randomElement(using: &random)!,
      vectorWidth: [1, 2, 4].randomElement(using: &random)!, arrays: Int.random(in: 1...3, using: &random))
    let table = """
      name,operator,height,width,channels,filters,kernel,stride,padding,batch
      c,conv,\(shape.height),\(shape.width),\(shape.channels),\(filters),\(kernel),\(stride),\(padding),\(batch)
      """
    let (before, after, macs) = try run(table, machine, seed: UInt64(index))
    let window = Window(
      input: shape, kernelHeight: kernel, kernelWidth: kernel, strideY: stride, strideX: stride, paddingY: padding,
      paddingX: padding)
    let input = before.values("c.input")
    let expected = (0..<batch).flatMap { image in
      Reference.conv(
        Array(input[(image * shape.elements)..<((image + 1) * shape.elements)]), window,
        weights: before.matrixWeights(0), filters: filters)
    }
    #expect(after.values("c") == expected.map(Reference.byte), "seed \(index)\n\(table)\n\(machine)")
    #expect(macs == before.network.plan.model.macs, "seed \(index)")
  }

  /// Large shared loads are led by several tiles, and zeros are written beside loads under way.
  @Test(arguments: 0..<6) func loadsWithSeveralLeadersEqualTheNaiveTwin(_ index: Int) throws {
    let machine = TestMachine(
      columns: 2, rows: 2, sram: [16384, 32768, 65536][index % 3], accumulator: 32768, arrayRows: 8, vectorWidth: 4)
    let table = """
      name,operator,height,width,channels,filters,kernel,stride,padding
      c,conv,8,16,32,32,3,1,1
      d,conv,,,,24,3,2,1
      """
    let (before, after, macs) = try run(table, machine, seed: UInt64(index))
    func window(_ height: Int, _ width: Int, stride: Int) -> Window {
      Window(
        input: Shape(height: height, width: width, channels: 32), kernelHeight: 3, kernelWidth: 3, strideY: stride,
        strideX: stride, paddingY: 1, paddingX: 1)
    }
    let first = Reference.conv(
      before.values("c.input"), window(8, 16, stride: 1), weights: before.matrixWeights(0), filters: 32)
    #expect(after.values("c") == first.map(Reference.byte), "seed \(index)")
    let second = Reference.conv(
      after.values("c"), window(8, 16, stride: 2), weights: before.matrixWeights(1), filters: 24)
    #expect(after.values("d") == second.map(Reference.byte), "seed \(index)")
    #expect(macs == before.network.plan.model.macs)
    let waits = before.network.records.filter { $0.opcode == .wait && $0.signals > 1 && $0.waiters > 1 }
    #expect(!waits.isEmpty, "no load has several leaders")
  }

  @Test(arguments: 0..<60) func matrixProductsEqualTheNaiveTwin(_ index: Int) throws {
    var random = SplitMix64(seed: UInt64(index) &+ 2000)
    let (m, n, k) = (
      Int.random(in: 1...40, using: &random), Int.random(in: 1...40, using: &random),
      Int.random(in: 1...40, using: &random)
    )
    let machine = TestMachine(
      columns: Int.random(in: 1...3, using: &random), rows: Int.random(in: 1...3, using: &random),
      sram: [512, 2048, 16384].randomElement(using: &random)!,
      accumulator: [1024, 4096].randomElement(using: &random)!,
      arrayRows: Int.random(in: 1...8, using: &random), arrayColumns: [4, 8, 12].randomElement(using: &random)!,
      vectorWidth: [1, 3].randomElement(using: &random)!, arrays: Int.random(in: 1...2, using: &random),
      dataflow: Self.dataflows[index % Self.dataflows.count])
    let table = "name,operator,m,n,k,epilogue\ng,gemm,\(m),\(n),\(k),bias relu"
    let (before, after, macs) = try run(table, machine, seed: UInt64(index))
    let sums = Reference.gemm(before.values("g.input"), before.matrixWeights(0), m: m, n: n, k: k)
    let bias = before.words("g.parameters")
    let expected = sums.enumerated().map { Reference.byte(max(0, Pseudo.wrap($1 + bias[$0 % n]))) }
    #expect(after.values("g") == expected, "seed \(index)\n\(table)\n\(machine)")
    #expect(macs == m * n * k, "seed \(index)")
  }

  @Test(arguments: 0..<20) func depthwiseAndPoolsEqualTheNaiveTwin(_ index: Int) throws {
    var random = SplitMix64(seed: UInt64(index) &+ 3000)
    let shape = Shape(
      height: Int.random(in: 3...9, using: &random), width: 7, channels: Int.random(in: 1...9, using: &random))
    let stride = Int.random(in: 1...2, using: &random)
    let machine = TestMachine(columns: Int.random(in: 1...3, using: &random), rows: 2)
    let sizes = "\(shape.height),\(shape.width),\(shape.channels),3,\(stride),1"
    let window = Window(
      input: shape, kernelHeight: 3, kernelWidth: 3, strideY: stride, strideX: stride, paddingY: 1, paddingX: 1)
    let table = """
      name,operator,input,height,width,channels,kernel,stride,padding,kind
      d,depthwise,external,\(sizes),
      p,pool,external,\(sizes),max
      s,pool,external,\(sizes),avg
      g,pool,external,\(shape.height),\(shape.width),\(shape.channels),,,,global
      """
    let (before, after, _) = try run(table, machine, seed: UInt64(index))
    let depthwise = Reference.depthwise(before.values("d.input"), window, weights: before.values("d.weights"))
    #expect(after.values("d") == depthwise.map(Reference.byte), "seed \(index)")
    #expect(after.values("p") == Reference.maxPool(before.values("p.input"), window), "seed \(index)")
    #expect(
      after.values("s") == Reference.sumPool(before.values("s.input"), window).map(Reference.byte), "seed \(index)")
    let channels = shape.channels
    let means = (0..<channels).map { c in
      Swift.stride(from: c, to: shape.elements, by: channels).reduce(0) { $0 + before.values("g.input")[$1] }
    }
    #expect(after.values("g") == means.map(Reference.byte), "seed \(index)")
  }

  @Test(arguments: 0..<16) func attentionEqualsTheNaiveTwin(_ index: Int) throws {
    var random = SplitMix64(seed: UInt64(index) &+ 4000)
    let (heads, size) = (Int.random(in: 1...3, using: &random), [4, 8].randomElement(using: &random)!)
    let query = Int.random(in: 1...6, using: &random)
    let positions = query + (index % 2 == 0 ? 0 : Int.random(in: 1...9, using: &random))
    let machine = TestMachine(
      columns: Int.random(in: 1...4, using: &random), rows: 2, dataflow: Self.dataflows[index % Self.dataflows.count])
    let table = "name,operator,heads,head_size,query,kv\na,attention,\(heads),\(size),\(query),\(positions)"
    let (before, after, macs) = try run(table, machine, seed: UInt64(index))
    let caches = query == positions ? nil : (before.values("a.keys"), before.values("a.values"))
    let twin = AttentionTwin(heads: heads, size: size, query: query, positions: positions, caches: caches)
    #expect(after.values("a") == twin.output(before.values("a.input")), "seed \(index)\n\(table)")
    #expect(macs == 2 * heads * size * query * positions)
    if query < positions {
      #expect(after.values("a.keys") == twin.cache(1, before.values("a.input")), "seed \(index)")
      #expect(after.values("a.values") == twin.cache(2, before.values("a.input")), "seed \(index)")
    }
  }

  /// Residuals, prefetch across layers, slots that are used again with other shapes.
  @Test(arguments: 0..<24) func networksEqualTheNaiveTwin(_ index: Int) throws {
    let machine = TestMachine(
      columns: index % 3 + 1, rows: index % 2 + 1, sram: index % 4 == 0 ? 2048 : 16384, accumulator: 2048,
      arrays: index % 2 + 1)
    let table = """
      name,operator,input,input2,height,width,channels,filters,kernel,stride,padding,n,epilogue
      a,conv,,,6,5,3,12,3,1,1,,relu
      b,conv,,,,,,16,1,1,0,,relu
      c,conv,b,,,,,12,3,1,1,,
      d,add,c,a,,,,,,,,,relu
      e,gemm,,,,,,,,,,20,
      """
    let (before, after, _) = try run(table, machine, seed: UInt64(index))
    func relu(_ values: [Int]) -> [Int] { values.map { Reference.byte(max(0, $0)) } }
    func window(_ channels: Int) -> Window {
      Window(
        input: Shape(height: 6, width: 5, channels: channels), kernelHeight: 3, kernelWidth: 3, strideY: 1, strideX: 1,
        paddingY: 1, paddingX: 1)
    }
    let a = relu(Reference.conv(before.values("a.input"), window(3), weights: before.matrixWeights(0), filters: 12))
    let b = relu(Reference.gemm(a, before.matrixWeights(1), m: 30, n: 16, k: 12))
    let c = Reference.conv(b, window(16), weights: before.matrixWeights(2), filters: 12).map(Reference.byte)
    let d = relu(zip(c, a).map { $0 + $1 })
    let e = Reference.gemm(d, before.matrixWeights(4), m: 30, n: 20, k: 12).map(Reference.byte)
    #expect(after.values("a") == a, "seed \(index)")
    #expect(after.values("d") == d, "seed \(index)")
    #expect(after.values("e") == e, "seed \(index)")
  }
}
