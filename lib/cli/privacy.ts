import { Command } from "commander";
import { addLedgerCommands } from "./privacy-ledger.ts";
import { addSubjectCommands } from "./privacy-subject.ts";

export function privacyCommand(): Command {
  const command = new Command("privacy").description(
    "a person's keys: erase, restrict; values of events: redact; and the ledger of it all",
  );
  addSubjectCommands(command);
  addLedgerCommands(command);
  return command;
}
