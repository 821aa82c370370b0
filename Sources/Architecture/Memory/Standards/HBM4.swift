/// HBM4: as HBM3 with twice the channels and eight banks a group.
extension DRAMStandard {
  public static let hbm4 = DRAMStandard(
    name: "HBM4",
    meaning: "HBM4: 32 channels of two pseudo channels, 32 bits each",
    source: "Ramulator 2.1 (commit c5b1c3a)",
    deviations: [
      "secondary values are the source's presets, checked against no document",
      "nRREFD follows the 8 ns rule, which the source lets win over the 8 cycles of its presets",
      "RFMab and RFMpb take as long as REFab and REFpb",
    ],
    channelsPerStack: 32, ticksPerClock: 2,
    organisation: DRAMOrganisation(
      pseudoChannels: 2, stackIDs: 1, bankGroups: 2, banksPerGroup: 8, rows: 0, columns: 32, accessBytes: 32),
    commandTicks: [
      .ACT: 3, .PREpb: 1, .PREab: 1, .RD: 2, .RDA: 2, .WR: 2, .WRA: 2, .REFab: 1, .REFpb: 1, .RFMab: 1, .RFMpb: 1,
    ],
    fallingEdgeCommands: [.PREpb, .PREab],
    densities: [
      Density("32Gb_4hi", rows: 16384, stackIDs: 1, nRFC: 400),
      Density("32Gb_8hi", rows: 16384, stackIDs: 2, nRFC: 450),
      Density("32Gb_16hi", rows: 16384, stackIDs: 4, nRFC: 530),
    ],
    defaultDensity: "32Gb_8hi",
    bins: [
      SpeedBin(
        rate: 8000, clockPicoseconds: 500, clock: Frequency(hertz: 2_000_000_000),
        timings: [
          .nBL: 2, .nCL: 20, .nCWL: 10, .nRCDRD: 39, .nRCDWR: 19, .nRP: 33, .nRAS: 57, .nRC: 90, .nWR: 42, .nRTP: 12,
          .nCCDS: 2, .nCCDL: 4, .nCCDR: 2, .nRRDS: 5, .nRRDL: 7, .nFAW: 30, .nWTRS: 9, .nWTRL: 13, .nRTW: 25, .nPPD: 2,
          .nRFCSB: 560,
        ]),
      SpeedBin(
        rate: 16000, clockPicoseconds: 250, clock: Frequency(hertz: 4_000_000_000),
        timings: [
          .nBL: 2, .nCL: 40, .nCWL: 20, .nRCDRD: 78, .nRCDWR: 38, .nRP: 66, .nRAS: 114, .nRC: 180, .nWR: 84, .nRTP: 24,
          .nCCDS: 2, .nCCDL: 4, .nCCDR: 2, .nRRDS: 10, .nRRDL: 14, .nFAW: 60, .nWTRS: 18, .nWTRL: 26, .nRTW: 50,
          .nPPD: 2, .nRFCSB: 1120,
        ]),
    ],
    times: [
      .nRREFD: MinimumTime(nanoseconds: 8, cycles: 3), .nREFI: MinimumTime(nanoseconds: 3900, cycles: 1),
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
      PC        REFab        -> REFpb           nRFC
      PC        RFMab        -> RFMpb           nRFC
      PC        REFpb        -> REFpb           nRREFD
      PC        RFMpb        -> RFMpb           nRREFD
      PC        REFpb,RFMpb  -> ACT             nRREFD
      PC        ACT          -> REFpb,RFMpb     nRRDS

      SID       RD,RDA       -> RD,RDA          nCCDS
      SID       WR,WRA       -> WR,WRA          nCCDS
      other SID RD,RDA       -> RD,RDA          nCCDR

      BG        RD,RDA       -> RD,RDA          nCCDL
      BG        WR,WRA       -> WR,WRA          nCCDL
      BG        WR,WRA       -> RD,RDA          nCWL + nBL + nWTRL
      BG        ACT          -> ACT             nRRDL
      BG        ACT          -> REFpb,RFMpb     nRRDL
      BG        REFpb,RFMpb  -> ACT             nRRDL

      bank      ACT          -> ACT             nRC
      bank      ACT          -> RD,RDA          nRCDRD
      bank      ACT          -> WR,WRA          nRCDWR
      bank      ACT          -> PREpb           nRAS
      bank      PREpb        -> ACT             nRP
      bank      RD           -> PREpb           nRTP
      bank      WR           -> PREpb           nCWL + nBL + nWR
      bank      RDA          -> ACT,REFpb,RFMpb nRTP + nRP
      bank      WRA          -> ACT,REFpb,RFMpb nCWL + nBL + nWR + nRP
      bank      REFpb,RFMpb  -> ACT             nRFCSB
      bank      ACT          -> REFpb,RFMpb     nRC
      bank      PREpb        -> REFpb,RFMpb     nRP
      """))
}
