import Architecture
import ArgumentParser
import DesignSpace
import EnergyModel
import Foundation
import InstructionTrace
import ModelCompiler
import Simulator
import Statistics

/// Runs a command's work; an error becomes one message on standard error and the exit code of `docs/architecture.md`.
func reporting<Result>(_ work: () throws -> Result) throws -> Result {
  do {
    return try work()
  } catch let code as ExitCode {
    throw code
  } catch {
    FileHandle.standardError.write(Data("palsim: \(error)\n".utf8))
    throw ExitCode(exitCode(of: error))
  }
}

/// The documented exit code of an error.
func exitCode(of error: any Error) -> Int32 {
  switch error {
  case let error as TraceError: error.exitCode
  case let error as ConfigurationError: error.exitCode
  case let error as SimulationError: error.exitCode
  case let error as ResultFault: error.exitCode
  case let error as LawViolation: error.exitCode
  case let error as CompileError: error.exitCode
  case let error as SweepFault: error.exitCode
  case let error as NetworkFailure: error.exitCode
  case is PacketListFault: 65
  case is TrafficFault: 64
  case is EnergyFault, is NoCFault: 78
  case is MemoryStreamFault: 65
  default: 70
  }
}
