import Testing

@testable import Reporting

@Suite struct PlotScaleTests {
  private let time = DesignTable.Statistic(name: "time", unit: "s")

  @Test func marksAreRoundAndCoverTheValues() {
    let scale = PlotScale(time, [0.00012, 0.00031])
    #expect(scale.title == "time, µs" && scale.ticks.map(\.label) == ["100", "150", "200", "250", "300", "350"])
    #expect(scale.ticks.first?.place == 0 && scale.ticks.last?.place == 1)
    #expect(abs(scale.place(0.000225) - 0.5) < 1e-9)
  }

  @Test func farApartIsLogarithmic() {
    let scale = PlotScale(.init(name: "bytes", unit: "bytes"), [1_000, 1_000_000])
    #expect(scale.ticks.map(\.label) == ["1000", "2000", "5000", "10k", "20k", "50k", "100k", "200k", "500k", "1M"])
    #expect(abs(scale.place(31_622.7766) - 0.5) < 1e-6)
  }

  @Test func oneValueHasAScale() {
    let scale = PlotScale(time, [0.5])
    #expect(scale.ticks.count >= 2 && (0...1).contains(scale.place(0.5)))
    #expect(PlotScale(time, [0]).ticks.count >= 2)
  }

  @Test func axesShowTheirLevels() {
    let clocks = PlotScale(DesignTable.Axis(name: "clocks.tile", levels: ["0.8 GHz", "1 GHz", "1.2 GHz"]))
    #expect(clocks.title == "clocks.tile, GHz" && clocks.ticks.map(\.label) == ["0.8", "1", "1.2"])
    #expect(abs(clocks.ticks[1].place - 0.5) < 1e-9)
    let banks = PlotScale(DesignTable.Axis(name: "banks", levels: ["8", "16", "32"]))
    #expect(abs(banks.ticks[1].place - 0.5) < 1e-9, "steps of one factor are evenly spaced")
    let sizes = PlotScale(DesignTable.Axis(name: "bytes", levels: ["256 KiB", "512 KiB", "1 MiB"]))
    #expect(sizes.ticks.map(\.label) == ["256 KiB", "512 KiB", "1 MiB"] && abs(sizes.ticks[1].place - 0.5) < 1e-9)
    let words = PlotScale(DesignTable.Axis(name: "topology", levels: ["mesh", "torus", "4x4"]))
    #expect(words.ticks.map(\.label) == ["mesh", "torus", "4x4"] && words.title == "topology")
  }

  @Test func labelsDoNotTouch() {
    let axis = DesignTable.Axis(name: "size", levels: (0..<40).map { "\($0 * 1000)" })
    for length in [100.0, 300, 1000] {
      let ticks = PlotScale(axis).ticks(in: length, letter: 7)
      #expect(!ticks.isEmpty)
      for (a, b) in zip(ticks, ticks.dropFirst()) {
        #expect((b.place - a.place) * length >= Double(a.label.count + b.label.count) / 2 * 7)
      }
    }
  }
}
