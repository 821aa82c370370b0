import ArgumentParser
import Foundation
import PALArithmetic

/// `palsim pal accuracy`: formats against distributions and reduction lengths.
struct PalAccuracyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy",
    abstract: "How well formats keep numbers and dot products: a table, CSV and an SVG plot.",
    usage: "palsim pal accuracy [options]",
    discussion: """
      Operands are quantised in blocks with a power-of-two scale each. `SQNR` is the signal-to-noise ratio of the \
      quantised numbers in dB, `dot SQNR` that of the dot products. The dot errors are relative to |a| * |b|, the largest \
      and the mean over all products; the word errors are relative to each number.

      Examples:
        palsim pal accuracy
        palsim pal accuracy --formats pal8,pal8f,int8,fp8-e4m3 --distributions normal --terms 64,4096
        palsim pal accuracy --csv accuracy.csv --svg accuracy.svg
      """)

  @Option(help: "Formats, separated by commas; default: twelve usual ones of 4 to 16 bits.")
  var formats: String?

  private static let usual = "pal4,int4,fp4-e2m1,pal8,pal8f,int8,fp8-e4m3,fp8-e5m2,pal14,pal16,bf16,fp16"

  @Option(help: "Distributions: normal, laplace, t3, uniform, loguniform.")
  var distributions = "normal,laplace,t3"

  @Option(help: "Reduction lengths.")
  var terms = "1024"

  @Option(help: "Numbers in each operand.")
  var samples = 65536

  @Option(help: "Words that share a scale.")
  var block = 32

  @Option(help: "Seed of the numbers.")
  var seed: UInt64 = 1

  @Option(help: "Write the table to this CSV file.")
  var csv: String?

  @Option(help: "Draw the SQNR to this SVG file.")
  var svg: String?

  func run() throws {
    try reportingPalFaults {
      let rows = try measure()
      print("blocks of \(block), seed \(seed), \(samples) numbers each; PAL words are a declared model\n")
      print(table(rows))
      try csv.map { try PalFiles.write(Data(csvText(rows).utf8), to: $0) }
      try svg.map { try PalFiles.write(Data(plot(rows).svg.utf8), to: $0) }
    }
  }

  private func measure() throws -> [AccuracyStudy.Row] {
    let choices = try PalInput.formats(formats ?? Self.usual)
    let sources: [Distribution] = try distributions.split(separator: ",").map {
      try PalInput.choice(String($0), option: "--distributions")
    }
    try PalInput.check(samples, 1...1 << 24, option: "--samples")
    try PalInput.check(block, 1...1 << 20, option: "--block")
    let lengths = try terms.split(separator: ",").map { text in
      guard let length = Int(text), (1...samples).contains(length) else {
        throw PalFault(message: "--terms: a reduction length is 1 to \(samples), found '\(text)'", code: 64)
      }
      return length
    }
    let study = AccuracyStudy(samples: samples, blockLength: block, seed: seed)
    return try lengths.flatMap { length in
      try sources.flatMap { source in try choices.map { try study.measure($0, source, terms: length) } }
    }
  }

  private func table(_ rows: [AccuracyStudy.Row]) -> String {
    var table = PalTextTable(
      ["format", "numbers", "terms", "bits", "SQNR", "dot SQNR", "dot max", "dot mean", "word max", "word mean"],
      leftAligned: 2)
    for row in rows {
      table.add([
        row.format, row.distribution.rawValue, "\(row.terms)", PalNumber.fixed(row.bits, 2),
        PalNumber.fixed(row.operands.signalToNoise, 2), PalNumber.fixed(row.products.signalToNoise, 2),
        PalNumber.ratio(row.products.largest), PalNumber.ratio(row.products.mean),
        PalNumber.ratio(row.operands.largest), PalNumber.ratio(row.operands.mean),
      ])
    }
    return table.text
  }

  private func csvText(_ rows: [AccuracyStudy.Row]) -> String {
    var text = "format,distribution,terms,bits_per_number,sqnr_db,dot_sqnr_db,dot_error_max,dot_error_mean,"
    text += "word_error_max,word_error_mean\n"
    for row in rows {
      text += "\(row.format),\(row.distribution.rawValue),\(row.terms),\(row.bits),\(row.operands.signalToNoise),"
      text += "\(row.products.signalToNoise),\(row.products.largest),\(row.products.mean),"
      text += "\(row.operands.largest),\(row.operands.mean)\n"
    }
    return text
  }

  private func plot(_ rows: [AccuracyStudy.Row]) -> PalBarPlot {
    let several = Set(rows.map(\.terms)).count > 1
    var plot = PalBarPlot(
      title: "Signal-to-quantisation-noise ratio, blocks of \(block)", unit: "dB", seriesNames: [], groups: [])
    for row in rows {
      let series = row.distribution.rawValue + (several ? " \(row.terms)" : "")
      plot.add(row.operands.signalToNoise, series: series, group: row.format)
    }
    return plot
  }
}
