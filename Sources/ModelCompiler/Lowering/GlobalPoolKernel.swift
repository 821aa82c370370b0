import InstructionTrace

/// The mean over all positions of an image, channel by channel.
///
/// Pieces: pixels, nothing, sums, output.
struct GlobalPoolKernel: ItemKernel {
  struct Item {
    var image: Int
    var channels: Range<Int>
  }
  private let input: Shape
  private let operands: LayerOperands
  private let sumBytes: Int
  private let size: Int
  let items: [[Item]]

  /// - Throws: `CompileError.doesNotFit` when 64 channels do not fit.
  init(_ input: Shape, layer: Layer, operands: LayerOperands, target: Target) throws(CompileError) {
    self.input = input
    self.operands = operands
    sumBytes = target.accumulatorElementBytes
    let share = (input.channels * layer.batch + target.tiles.count - 1) / target.tiles.count
    let wanted = min(input.channels, (share + 63) / 64 * 64)
    let size = Split.halves(wanted, granule: 64).first { channels in
      let pieces = Self.pieces(input, operands, channels: channels, sumBytes: target.accumulatorElementBytes)
      return LocalNeeds(pieces: pieces).fits(target)
    }
    guard let size else {
      throw .doesNotFit(layer: layer.name, reason: "64 channels of \(input) are larger than a tile's memories")
    }
    self.size = size
    var items: [[Item]] = Array(repeating: [], count: target.tiles.count)
    let chunks = Split.chunks(0..<input.channels, size: size)
    for index in 0..<(chunks.count * layer.batch) {
      let item = Item(image: index / chunks.count, channels: chunks[index % chunks.count])
      items[index % items.count].append(item)
    }
    self.items = items
  }

  private static func pieces(
    _ input: Shape, _ operands: LayerOperands, channels: Int, sumBytes: Int
  ) -> [LocalNeeds.Piece] {
    [
      .init(bytes: input.rows * channels * operands.elementBytes, copies: 2), .init(bytes: 0, copies: 1),
      .init(bytes: channels * sumBytes, copies: 2, inAccumulator: true),
      .init(bytes: channels * operands.elementBytes, copies: 2),
    ]
  }

  var pieces: [LocalNeeds.Piece] { Self.pieces(input, operands, channels: size, sumBytes: sumBytes) }
  var tiling: (partition: String, chunk: String) { ("1x\(items.count { !$0.isEmpty })", "1x\(size)x\(input.rows)") }

  func loads(_ item: Item, _ bases: [Int64]) -> [ItemLoad] {
    let run = item.channels.count * operands.elementBytes
    let pitch = input.channels * operands.elementBytes
    let offset = Int64(item.image * input.rows * pitch + item.channels.lowerBound * operands.elementBytes)
    return [
      ItemLoad(
        .load(
          operands.inputs[0], .rows(offset, run: run, rows: input.rows, pitch: pitch),
          to: .rows(bases[0], run: run, rows: input.rows, pitch: run)))
    ]
  }

  func work(_ item: Item, _ bases: [Int64]) -> [Instruction] {
    let channels = item.channels.count
    let bytes = operands.elementBytes
    let pixels = StridedView(
      base: bases[0], run: Int32(bytes), count1: Int32(input.rows), stride1: Int64(channels * bytes),
      count2: Int32(channels), stride2: Int64(bytes))
    let sums = StridedView.contiguous(bases[2], Int32(channels * sumBytes))
    let means = StridedView.contiguous(bases[3], Int32(channels * bytes))
    return [
      .reduce(.sum, operands.format, elements: input.rows, groups: channels, pixels, to: sums),
      .vector(.scale, operands.accumulatorFormat, elements: channels, sums, to: sums),
      .convert(operands.accumulatorFormat, operands.format, elements: channels, sums, to: means),
    ]
  }

  func stores(_ item: Item, _ bases: [Int64]) -> [Instruction] {
    let bytes = operands.elementBytes
    let size = Int32(item.channels.count * bytes)
    let offset = Int64((item.image * input.channels + item.channels.lowerBound) * bytes)
    return [.store(.contiguous(bases[3], size), operands.output, .contiguous(offset, size))]
  }
}
