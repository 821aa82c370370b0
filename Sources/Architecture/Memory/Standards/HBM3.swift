/// HBM3: commands on half cycles of CK, stack IDs.
extension DRAMStandard {
  public static let hbm3 = DRAMStandard(
    name: "HBM3",
    meaning: "HBM3: 16 channels of two pseudo channels, 32 bits each",
    source: "Ramulator 2.1 (commit c5b1c3a), whose tables follow JESD238",
    deviations: [
      "nRREFD is the 8 cycles the source sets, though 8 ns are 13 cycles at 6.4 Gb/s",
      "16Gb_16hi is not in the source: four stack IDs of 16Gb_8hi, refreshed as its class of 16 Gb a channel",
      "RFMab and RFMpb take as long as REFab and REFpb",
      "the gap from RDA or WRA to a per-bank refresh of the same bank is not stated, as in the source",
    ],
    channelsPerStack: 16, ticksPerClock: 2,
    organisation: DRAMOrganisation(
      pseudoChannels: 2, stackIDs: 1, bankGroups: 4, banksPerGroup: 4, rows: 0, columns: 32, accessBytes: 32),
    commandTicks: [
      .ACT: 3, .PREpb: 1, .PREab: 1, .RD: 2, .RDA: 2, .WR: 2, .WRA: 2, .REFab: 1, .REFpb: 1, .RFMab: 1, .RFMpb: 1,
    ],
    fallingEdgeCommands: [.PREpb, .PREab],
    densities: [
      Density("4Gb", rows: 16384, nRFC: 260),
      Density("8Gb_8hi", rows: 8192, stackIDs: 2, nRFC: 260),
      Density("16Gb_8hi", rows: 16384, stackIDs: 2, nRFC: 350),
      Density("16Gb_16hi", rows: 16384, stackIDs: 4, nRFC: 450),
      Density("32Gb_8hi", rows: 32768, stackIDs: 2, nRFC: 450),
      Density("32Gb_16hi", rows: 32768, stackIDs: 4, nRFC: 350),
    ],
    defaultDensity: "16Gb_16hi",
    bins: [
      SpeedBin(
        rate: 6400, clockPicoseconds: 625, clock: Frequency(hertz: 1_600_000_000),
        timings: [
          .nBL: 2, .nCL: 20, .nCWL: 10, .nRCDRD: 31, .nRCDWR: 15, .nRP: 26, .nRAS: 45, .nRC: 72, .nWR: 33, .nRTP: 9,
          .nCCDS: 2, .nCCDL: 4, .nCCDR: 3, .nRRDS: 4, .nRRDL: 5, .nFAW: 24, .nWTRS: 7, .nWTRL: 10, .nRTW: 20, .nPPD: 2,
          .nRFCSB: 320, .nRREFD: 8,
        ])
    ],
    times: [
      .nREFI: MinimumTime(nanoseconds: 3900, cycles: 1)
    ],
    refreshesPerBankOf: .pseudoChannel,
    constraints: table(
      """
      PC        RD,RDA       -> RD,RDA          nBL
      PC        WR,WRA       -> WR,WRA          nBL
      PC        RD,RDA       -> WR,WRA          nRTW
      PC        WR,WRA       -> RD,RDA          nCWL + nBL + nWTRS
      PC        RD           -> PREab           nRTP
      PC        WR           -> PREab           nCWL + nBL + nWR
      PC        ACT          -> ACT             nRRDS
      PC        ACT          -> ACT             nFAW window 4
      PC        ACT          -> PREab           nRAS
      PC        PREab        -> ACT             nRP
      PC        PREpb,PREab  -> PREpb,PREab     nPPD
      PC        ACT          -> REFab,RFMab     nRC
      PC        PREpb,PREab  -> REFab,RFMab     nRP
      PC        RDA          -> REFab,RFMab     nRTP + nRP
      PC        WRA          -> REFab,RFMab     nCWL + nBL + nWR + nRP
      PC        REFab,RFMab  -> ACT,PREab       nRFC
      PC        REFpb        -> REFpb           nRREFD
      PC        REFpb,RFMpb  -> ACT             nRREFD
      PC        ACT          -> REFpb,RFMpb     nRRDS

      SID       RD,RDA       -> RD,RDA          nCCDS
      SID       WR,WRA       -> WR,WRA          nCCDS
      other SID RD,RDA       -> RD,RDA          nCCDR

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
      bank      REFpb,RFMpb  -> ACT             nRFCSB
      bank      ACT          -> REFpb,RFMpb     nRC
      bank      PREpb        -> REFpb,RFMpb     nRP
      """))
}
