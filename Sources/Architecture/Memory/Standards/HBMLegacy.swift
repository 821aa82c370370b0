/// HBM1 and HBM2 in legacy mode: whole channels of 128 bits, bursts of four.
extension DRAMStandard {
  public static let hbmLegacy = DRAMStandard(
    name: "HBM-legacy",
    meaning: "HBM1 and HBM2 in legacy mode: 8 channels of 128 bits, bursts of 4",
    source: "DRAMsim3 (commit 2981759), presets HBM1_4Gb_x128, HBM2_4Gb_x128 and HBM2_8Gb_x128",
    deviations: [
      "ACT takes two cycles of the row bus, as JESD235 has it; the source counts one",
      "nRTP is the source's default of 5 cycles, since it never reads the values of its presets",
      "nRFCSB and nRREFD are Ramulator 2.1's and nREFISB is nREFI over the banks: the source's per-bank refresh is not usable",
    ],
    channelsPerStack: 8, ticksPerClock: 1,
    organisation: DRAMOrganisation(
      pseudoChannels: 1, stackIDs: 1, bankGroups: 4, banksPerGroup: 4, rows: 0, columns: 32, accessBytes: 64),
    commandTicks: [
      .ACT: 2, .PREpb: 1, .PREab: 1, .RD: 1, .RDA: 1, .WR: 1, .WRA: 1, .REFab: 1, .REFpb: 1,
    ],
    fallingEdgeCommands: [],
    densities: [
      Density("4Gb", rows: 16384, nRFC: 260, nRFCSB: 160),
      Density("8Gb", rows: 32768, nRFC: 260, nRFCSB: 160),
    ],
    defaultDensity: "8Gb",
    bins: [
      SpeedBin(
        rate: 1000, clockPicoseconds: 2000, clock: Frequency(hertz: 500_000_000),
        timings: [
          .nBL: 2, .nCL: 7, .nCWL: 2, .nRCDRD: 7, .nRCDWR: 7, .nRP: 7, .nRAS: 17, .nRC: 24, .nWR: 8, .nRTP: 5,
          .nCCDS: 1, .nCCDL: 1, .nRRDS: 2, .nRRDL: 3, .nFAW: 15, .nWTRS: 3, .nWTRL: 4,
        ]),
      SpeedBin(
        rate: 2000, clockPicoseconds: 1000, clock: Frequency(hertz: 1_000_000_000),
        timings: [
          .nBL: 2, .nCL: 14, .nCWL: 4, .nRCDRD: 14, .nRCDWR: 14, .nRP: 14, .nRAS: 34, .nRC: 48, .nWR: 16, .nRTP: 5,
          .nCCDS: 1, .nCCDL: 2, .nRRDS: 4, .nRRDL: 6, .nFAW: 30, .nWTRS: 6, .nWTRL: 8,
        ]),
    ],
    times: [
      .nRREFD: MinimumTime(nanoseconds: 8, cycles: 4), .nREFI: MinimumTime(nanoseconds: 3900, cycles: 1),
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
      PC        RDA          -> REFab           nBL + nRTP + nRP
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
      bank      RDA          -> ACT             nBL + nRTP + nRP
      bank      WRA          -> ACT             nCWL + nBL + nWR + nRP
      bank      REFpb        -> ACT             nRFCSB
      bank      ACT          -> REFpb           nRC
      bank      PREpb        -> REFpb           nRP
      """))
}
