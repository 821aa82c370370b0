import Foundation
import Testing

@testable import ModelCompiler

/// The shipped networks have the shapes, the work and the weights of the published ones.
@Suite struct NetworkTests {
  private func model(_ name: String) throws -> Model {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try ModelReader.read(file: root.appendingPathComponent("traces/models/\(name).csv").path)
  }

  private func layer(_ model: Model, _ name: String) throws -> Layer {
    try #require(model.layers.first { $0.name == name }, "no layer \(name)")
  }

  // MARK: ResNet-50 (He et al., table 1; MACs as torchvision counts them, the classifier included)

  /// By stage: blocks, inner width, output width, output size; MACs of a block's a, b, c convolution in its first and in
  /// the other blocks (written out from width and size).
  private static let stages: [(blocks: Int, inner: Int, outer: Int, size: Int, input: Int)] = [
    (3, 64, 256, 56, 64), (4, 128, 512, 28, 256), (6, 256, 1024, 14, 512), (3, 512, 2048, 7, 1024),
  ]

  @Test func resnet50HasThePublishedLayers() throws {
    let model = try model("resnet50")
    #expect(try layer(model, "conv1").operation.outputShape == Shape(height: 112, width: 112, channels: 64))
    #expect(try layer(model, "conv1").macs == 118_013_952)
    #expect(try layer(model, "pool1").operation.outputShape == Shape(height: 56, width: 56, channels: 64))
    for (number, stage) in Self.stages.enumerated() {
      for block in 1...stage.blocks { try checkBlock(model, number + 2, block, stage) }
    }
    #expect(try layer(model, "pool5").operation.outputShape.elements == 2048)
    #expect(try layer(model, "fc").macs == 2_048_000)
    #expect(model.layers.count == 1 + 1 + 16 * 4 + 4 + 1 + 1 + 1)
  }

  private func checkBlock(
    _ model: Model, _ number: Int, _ block: Int, _ stage: (blocks: Int, inner: Int, outer: Int, size: Int, input: Int)
  ) throws {
    let name = "conv\(number)_\(block)"
    let pixels = stage.size * stage.size
    let input = block == 1 ? stage.input : stage.outer
    // The first block of stages 3 to 5 halves the size in its 3x3 convolution: the 1x1 before it still sees the larger.
    let before = block == 1 && number > 2 ? 4 * pixels : pixels
    #expect(try layer(model, name + "a").macs == before * input * stage.inner)
    #expect(try layer(model, name + "b").macs == pixels * 9 * stage.inner * stage.inner)
    #expect(try layer(model, name + "c").macs == pixels * stage.inner * stage.outer)
    let shape = Shape(height: stage.size, width: stage.size, channels: stage.outer)
    #expect(try layer(model, name + "c").operation.outputShape == shape)
    #expect(try layer(model, name + "add").operation.outputShape == shape)
    if block == 1 { #expect(try layer(model, name + "s").macs == pixels * input * stage.outer) }
  }

  @Test func resnet50HasThePublishedTotals() throws {
    let model = try model("resnet50")
    #expect(model.macs == 4_089_184_256)
    // torchvision's 25,557,032 count weight and bias of each of the 26,560 normalised channels, as here.
    #expect(model.parameters == 25_557_032)
  }

  // MARK: MobileNet v1 (Howard et al., tables 1 and 4)

  /// Depthwise stride, output channels of the pointwise layer, output size.
  private static let mobile: [(stride: Int, channels: Int, size: Int)] = [
    (1, 64, 112), (2, 128, 56), (1, 128, 56), (2, 256, 28), (1, 256, 28), (2, 512, 14), (1, 512, 14), (1, 512, 14),
    (1, 512, 14), (1, 512, 14), (1, 512, 14), (2, 1024, 7), (1, 1024, 7),
  ]

  @Test func mobilenetHasThePublishedLayers() throws {
    let model = try model("mobilenet_v1")
    #expect(try layer(model, "conv1").operation.outputShape == Shape(height: 112, width: 112, channels: 32))
    var channels = 32
    for (index, row) in Self.mobile.enumerated() {
      let depthwise = try layer(model, "conv\(index + 2)_dw")
      let pointwise = try layer(model, "conv\(index + 2)_pw")
      let pixels = row.size * row.size
      #expect(depthwise.operation.outputShape == Shape(height: row.size, width: row.size, channels: channels))
      #expect(depthwise.macs == pixels * 9 * channels)
      #expect(pointwise.operation.outputShape == Shape(height: row.size, width: row.size, channels: row.channels))
      #expect(pointwise.macs == pixels * channels * row.channels)
      channels = row.channels
    }
    #expect(model.layers.count == 1 + 26 + 3)
  }

  @Test func mobilenetHasThePublishedTotals() throws {
    let model = try model("mobilenet_v1")
    #expect(model.macs == 568_740_352)  // "569 million" in the paper
    #expect(model.parameters == 4_231_976)  // "4.2 million"
  }

  // MARK: BERT-base (Devlin et al.)

  @Test func bertBaseHasThePublishedLayers() throws {
    let model = try model("bert_base_128")
    let (tokens, hidden) = (128, 768)
    for index in 0..<12 {
      let prefix = "layer\(index)_"
      #expect(try layer(model, prefix + "qkv").macs == 3 * tokens * hidden * hidden)
      #expect(try layer(model, prefix + "attention").macs == 2 * tokens * tokens * hidden)
      #expect(try layer(model, prefix + "projection").macs == tokens * hidden * hidden)
      #expect(try layer(model, prefix + "ffn1").macs == 4 * tokens * hidden * hidden)
      #expect(try layer(model, prefix + "ffn2").macs == 4 * tokens * hidden * hidden)
      for part in ["attention", "projection", "add1", "norm1", "ffn2", "add2", "norm2"] {
        #expect(try layer(model, prefix + part).operation.outputShape.elements == tokens * hidden)
      }
      let own = model.layers.filter { $0.name.hasPrefix(prefix) }
      #expect(own.reduce(0) { $0 + $1.parameters } == 7_087_872)
    }
    #expect(model.macs == 12 * (12 * tokens * hidden * hidden + 2 * tokens * tokens * hidden))
    let encoder = model.layers.filter { $0.name.hasPrefix("layer") }.reduce(0) { $0 + $1.parameters }
    #expect(encoder == 85_054_464)
    // 109,482,240 published, of which the pooler (590,592) is not part of the encoder.
    #expect(model.parameters == 109_482_240 - 590_592)
  }

  // MARK: GPT-2 small (Radford et al.)

  @Test func gpt2DecodeHasThePublishedLayers() throws {
    let model = try model("gpt2_decode_1024")
    let hidden = 768
    for index in 0..<12 {
      let prefix = "layer\(index)_"
      #expect(try layer(model, prefix + "qkv").macs == 3 * hidden * hidden)
      #expect(try layer(model, prefix + "attention").macs == 2 * 1024 * hidden)
      #expect(try layer(model, prefix + "ffn1").operation.outputShape.elements == 3072)
      #expect(try layer(model, prefix + "add2").operation.outputShape.elements == hidden)
    }
    #expect(try layer(model, "head").operation.outputShape.elements == 50257)
    #expect(model.macs == 12 * (12 * hidden * hidden + 2 * 1024 * hidden) + 50257 * hidden)
    // The head shares the token embedding: its copy is not counted again.
    #expect(model.parameters - 50257 * hidden == 124_439_808)
  }
}
