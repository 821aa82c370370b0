import ArgumentParser

/// `palsim pal`: the number formats and MAC lanes, without any simulation.
struct PalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pal",
    abstract: "Logarithmic PAL words and the formats they are compared with, bit for bit.",
    discussion: """
      The layout of the PAL words here is a declared model: no public document gives the original's. docs/pal.md says \
      what is public and what is this project's choice.

      Start with:
        palsim pal formats
        palsim pal encode pal8 0.1 -3 2.5
        palsim pal dot pal8 --a 0.5,0.25,-1 --b 1,2,0.125
        palsim pal accuracy --formats pal8,int8,fp8-e4m3
      """,
    subcommands: [
      PalFormatsCommand.self,
      PalTableCommand.self,
      PalEncodeCommand.self,
      PalDecodeCommand.self,
      PalDotCommand.self,
      PalMatmulCommand.self,
      PalAccuracyCommand.self,
      PalEnergyCommand.self,
      PalVectorsCommand.self,
      PalSpeedCommand.self,
    ]
  )
}
