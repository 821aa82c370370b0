/// Words along one reduction, with the scales of their blocks.
public struct QuantizedVector: Equatable, Sendable {
  /// The words.
  public var words: [UInt32]
  /// Scale S of block i, which holds the words blockLength * i ..< blockLength * (i + 1).
  public var scales: [Int]
  /// Words in a block; the last may be short. A vector with one scale has a block as long as itself.
  public var blockLength: Int

  /// Words under one scale.
  public init(words: [UInt32], scale: Int) {
    self.words = words
    scales = [scale]
    blockLength = max(words.count, 1)
  }

  /// Words under one scale a block.
  ///
  /// - Throws: `FormatError` unless there is one scale in -127...127 for each block.
  public init(words: [UInt32], scales: [Int], blockLength: Int) throws {
    guard blockLength > 0, scales.count == max(1, (words.count + blockLength - 1) / blockLength) else {
      throw FormatError("\(words.count) words in blocks of \(blockLength) do not fit \(scales.count) scales")
    }
    if let scale = scales.first(where: { !ScaleRule.range.contains($0) }) {
      throw FormatError("a scale is -127...127, found \(scale)")
    }
    self.words = words
    self.scales = scales
    self.blockLength = blockLength
  }

  /// The scale of word `index`.
  public func scale(at index: Int) -> Int { scales[index / blockLength] }
}

/// Turns numbers into words with scales: a format, the rule for scales, and how many values share one.
public struct Quantizer: Sendable {
  /// The format's codec.
  public let codec: NumberCodec
  /// The rule that picks a scale.
  public let rule: ScaleRule

  /// A quantizer of a format.
  public init(_ codec: NumberCodec, rule: ScaleRule = .fit) {
    self.codec = codec
    self.rule = rule
  }

  /// The quantizer a format name stands for: `mx` formats use the OCP scale rule.
  public init(_ choice: FormatChoice, underflow: UnderflowRule = .half) {
    self.init(NumberCodec(choice.format, underflow: underflow), rule: choice.isMicroscaling ? .ocp : .fit)
  }

  /// The scale of a group of values; 0 for formats without scales.
  public func scale(of values: some Sequence<Double>) -> Int {
    codec.format.usesScale ? rule.scale(of: values, top: codec.format.top) : 0
  }

  /// Words under one given scale.
  public func quantize(_ values: [Double], scale: Int, tally: inout EncodeTally) -> QuantizedVector {
    var words: [UInt32] = []
    words.reserveCapacity(values.count)
    for value in values { words.append(codec.encode(value, scale: scale, tally: &tally)) }
    return QuantizedVector(words: words, scale: scale)
  }

  /// Words in blocks of `blockLength`, a scale each.
  public func quantize(_ values: [Double], blockLength: Int, tally: inout EncodeTally) -> QuantizedVector {
    var vector = QuantizedVector(words: [], scale: ScaleRule.range.lowerBound)
    vector.blockLength = blockLength
    vector.words.reserveCapacity(values.count)
    if !values.isEmpty { vector.scales = [] }
    for start in stride(from: 0, to: values.count, by: blockLength) {
      let block = values[start..<min(start + blockLength, values.count)]
      let scale = scale(of: block)
      vector.scales.append(scale)
      for value in block { vector.words.append(codec.encode(value, scale: scale, tally: &tally)) }
    }
    return vector
  }

  /// The numbers the words stand for.
  public func values(_ vector: QuantizedVector) -> [Double] {
    vector.words.indices.map { codec.decode(vector.words[$0], scale: vector.scale(at: $0)) }
  }
}
