/// HBM2 in pseudo-channel mode: two pseudo channels of 64 bits share the row and the column bus of a channel.
extension DRAMStandard {
  public static let hbm2 = DRAMStandard(
    name: "HBM2",
    meaning: "HBM2 in pseudo-channel mode: 8 channels of two pseudo channels, 64 bits each",
    source: "Ramulator 2.1 (commit c5b1c3a), whose tables follow JESD235D",
    deviations: [
      "nRTP is one value for all bank groups",
      "the gap from RDA or WRA to a per-bank refresh of the same bank is not stated, as in the source",
    ],
    channelsPerStack: 8, ticksPerClock: 1,
    organisation: DRAMOrganisation(
      pseudoChannels: 2, stackIDs: 1, bankGroups: 4, banksPerGroup: 4, rows: 0, columns: 32, accessBytes: 32),
    commandTicks: [
      .ACT: 2, .PREpb: 1, .PREab: 1, .RD: 1, .RDA: 1, .WR: 1, .WRA: 1, .REFab: 1, .REFpb: 1,
    ],
    fallingEdgeCommands: [],
    densities: [
      Density("1Gb", rows: 8192, nRFC: 110, nRFCSB: 160),
      Density("2Gb", rows: 16384, nRFC: 160, nRFCSB: 160),
      Density("4Gb", rows: 32768, nRFC: 260, nRFCSB: 160),
      Density("8Gb", rows: 65536, nRFC: 350, nRFCSB: 160),
    ],
    defaultDensity: "4Gb",
    bins: [
      SpeedBin(
        rate: 1600, clockPicoseconds: 1250, clock: Frequency(hertz: 800_000_000),
        timings: [
          .nBL: 2, .nCL: 10, .nCWL: 4, .nRCDRD: 10, .nRCDWR: 8, .nRP: 10, .nRAS: 24, .nRC: 34, .nWR: 12, .nRTP: 4,
          .nCCDS: 2, .nCCDL: 4, .nWTRS: 5, .nWTRL: 6,
        ]),
      SpeedBin(
        rate: 2000, clockPicoseconds: 1000, clock: Frequency(hertz: 1_000_000_000),
        timings: [
          .nBL: 2, .nCL: 14, .nCWL: 5, .nRCDRD: 14, .nRCDWR: 12, .nRP: 14, .nRAS: 34, .nRC: 48, .nWR: 16, .nRTP: 5,
          .nCCDS: 2, .nCCDL: 4, .nWTRS: 6, .nWTRL: 8,
        ]),
      SpeedBin(
        rate: 2400, clockPicoseconds: 833, clock: Frequency(hertz: 1_200_000_000),
        timings: [
          .nBL: 2, .nCL: 17, .nCWL: 6, .nRCDRD: 17, .nRCDWR: 14, .nRP: 17, .nRAS: 40, .nRC: 57, .nWR: 19, .nRTP: 6,
          .nCCDS: 2, .nCCDL: 4, .nWTRS: 8, .nWTRL: 10,
        ]),
    ],
    times: [
      .nRRDS: MinimumTime(nanoseconds: 4, cycles: 4), .nRRDL: MinimumTime(nanoseconds: 4, cycles: 4),
      .nFAW: MinimumTime(nanoseconds: 15, cycles: 8), .nRREFD: MinimumTime(nanoseconds: 8, cycles: 4),
      .nREFI: MinimumTime(nanoseconds: 3900, cycles: 1),
    ],
    refreshesPerBankOf: .channel,
    constraints: table(
      """
      PC        RD,RDA       -> RD,RDA          max(nBL, nCCDS)
      PC        WR,WRA       -> WR,WRA          max(nBL, nCCDS)
      PC        RD,RDA       -> WR,WRA          nCL + nBL + 2 - nCWL
      PC        WR,WRA       -> RD,RDA          nCWL + nBL + nWTRS
      PC        RD           -> PREab           nRTP
      PC        WR           -> PREab           nCWL + nBL + nWR
      PC        ACT          -> ACT             nRRDS
      PC        ACT          -> ACT             nFAW window 4
      PC        ACT          -> PREab           nRAS
      PC        PREab        -> ACT             nRP
      PC        ACT          -> REFab           nRC
      PC        PREpb,PREab  -> REFab           nRP
      PC        RDA          -> REFab           nRTP + nRP
      PC        WRA          -> REFab           nCWL + nBL + nWR + nRP
      PC        REFab        -> ACT,PREab       nRFC
      PC        REFpb        -> ACT             nRREFD
      PC        ACT          -> REFpb           nRRDS

      BG        RD,RDA       -> RD,RDA          nCCDL
      BG        WR,WRA       -> WR,WRA          nCCDL
      BG        WR,WRA       -> RD,RDA          nCWL + nBL + nWTRL
      BG        ACT          -> ACT             nRRDL

      bank      ACT          -> ACT             nRC
      bank      ACT          -> RD,RDA          nRCDRD
      bank      ACT          -> WR,WRA          nRCDWR
      bank      ACT          -> PREpb           nRAS
      bank      PREpb        -> ACT             nRP
      bank      RD           -> PREpb           nRTP
      bank      WR           -> PREpb           nCWL + nBL + nWR
      bank      RDA          -> ACT             nRTP + nRP
      bank      WRA          -> ACT             nCWL + nBL + nWR + nRP
      bank      REFpb        -> ACT             nRFCSB
      bank      ACT          -> REFpb           nRC
      bank      PREpb        -> REFpb           nRP
      """))
}
