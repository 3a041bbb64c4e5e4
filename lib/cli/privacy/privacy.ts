import { Command } from "commander";
import { addDecisionCommands } from "./privacy-decision.ts";
import { addExecutionCommands } from "./privacy-execution.ts";
import { addLedgerCommands } from "./privacy-ledger.ts";
import { addLetterCommand } from "./privacy-letter.ts";
import { addPackageCommand } from "./privacy-package.ts";
import { addRequestCommands } from "./privacy-requests.ts";
import { addScopeCommands } from "./privacy-scope.ts";
import { addSubjectCommands } from "./privacy-subject.ts";
import { addVerifyCommand } from "./privacy-verify.ts";

export function privacyCommand(): Command {
  const command = new Command("privacy").description(
    "a person's keys: erase, restrict; values of events: redact; and the ledger of it all",
  );
  addSubjectCommands(command);
  addLedgerCommands(command);
  addPackageCommand(command);
  addExecutionCommands(command);
  addLetterCommand(command);
  addVerifyCommand(command);
  addScopeCommands(command);
  addRequestCommands(command);
  addDecisionCommands(command);
  return command;
}
