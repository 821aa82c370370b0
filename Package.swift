// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "palsim",
  products: [
    .executable(name: "palsim", targets: ["palsim"]),
    // For the Benchmarks package.
    .library(name: "Architecture", targets: ["Architecture"]),
    .library(name: "Simulator", targets: ["Simulator"]),
    .library(name: "InstructionTrace", targets: ["InstructionTrace"]),
    .library(name: "EnergyModel", targets: ["EnergyModel"]),
    .library(name: "Statistics", targets: ["Statistics"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
    .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "PALArithmetic"),
    .target(name: "Architecture", dependencies: ["TOMLKit"]),
    .target(name: "InstructionTrace", dependencies: ["CZlib"]),
    .target(name: "EnergyModel", dependencies: ["Architecture"]),
    .target(name: "Simulator", dependencies: ["Architecture", "InstructionTrace", "EnergyModel"]),
    .target(
      name: "Statistics",
      dependencies: ["Simulator", "CZlib", .product(name: "Histogram", package: "hdrhistogram-swift")]),
    .target(name: "ModelCompiler", dependencies: ["InstructionTrace", "Architecture"]),
    .target(name: "DesignSpace", dependencies: ["Statistics", "ModelCompiler", "CZlib", "CLinux"]),
    .target(
      name: "Reporting", dependencies: ["Statistics", "DesignSpace"],
      resources: [.embedInCode("Design/Page/page.css"), .embedInCode("Design/Page/page.js")]),
    .executableTarget(
      name: "palsim",
      dependencies: [
        "PALArithmetic", "Statistics", "ModelCompiler", "Reporting", "DesignSpace",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "PALArithmeticTests", dependencies: ["PALArithmetic", "BigInt"]),
    .testTarget(name: "ArchitectureTests", dependencies: ["Architecture"]),
    .testTarget(name: "InstructionTraceTests", dependencies: ["InstructionTrace"]),
    .testTarget(name: "EnergyModelTests", dependencies: ["EnergyModel"]),
    .testTarget(name: "KernelTests", dependencies: ["Simulator"]),
    .testTarget(
      name: "SimulatorTests", dependencies: ["Simulator", "CZlib"],
      exclude: ["Memory/Reference", "Network/Reference"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "Reporting"]),
    .testTarget(name: "ModelCompilerTests", dependencies: ["ModelCompiler"]),
    .testTarget(name: "DesignSpaceTests", dependencies: ["DesignSpace"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting", "DesignSpace"]),
    .testTarget(name: "CommandLineTests", dependencies: ["palsim"]),
  ]
)
