@testable import Architecture

@testable import Simulator

/// Small machines built in code, so that the simulator's tests need no configuration files.
enum TestMachine {
  static let hbm = HBMSpec(
    standard: "HBM2", channels: 4, bytes: 1 << 30, accessBytes: 32, nBL: 2, interleaveBytes: 256, banks: 16,
    rowBytes: 1024, nCL: 14, nCWL: 5, nRCDRD: 14, nRCDWR: 12, nRP: 14, nREFI: 3900, nRFC: 260,
    attachment: [0, 1, 2, 3])
}
