"use client";

import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { AskDialog, type AskVerb } from "./ask-dialogs.tsx";
import { CloseDialog } from "./close-dialog.tsx";
import { DecideDialog } from "./decide-dialog.tsx";
import { DuplicateDialog } from "./duplicate-dialog.tsx";
import { ExecuteDialog } from "./execute-dialog.tsx";
import { ExtendDialog } from "./extend-dialog.tsx";
import { IdentityDialog } from "./identity-dialog.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { RefuseDialog } from "./refuse-dialog.tsx";
import type { Command } from "./request-commands.ts";
import { ResponseDialog } from "./response-dialog.tsx";
import { RevealDialog } from "./reveal-dialog.tsx";

const asks: readonly string[] = [
  "askIdentity",
  "askClarification",
  "recordClarification",
  "askFee",
  "recordFee",
  "acknowledgeRequest",
  "recordWithdrawal",
] satisfies AskVerb[];
const isAsk = (command: Command): command is Command & AskVerb => asks.includes(command);

interface CommandDialogProps {
  command: Command;
  request: RequestDetail;
  onClose: () => void;
}

/** What a command wants to know before it is done. */
export function CommandDialog({ command, request, onClose }: CommandDialogProps) {
  const given = { request, onClose };
  if (isAsk(command)) return <AskDialog verb={command} {...given} />;
  switch (command) {
    case "recordIdentity":
      return <IdentityDialog {...given} />;
    case "extendRequest":
      return <ExtendDialog {...given} />;
    case "decideRequest":
      return <DecideDialog {...given} />;
    case "refuseWhole":
      return <RefuseDialog {...given} />;
    case "revealOthers":
      return <RevealDialog {...given} />;
    case "executeRequest":
      return <ExecuteDialog {...given} />;
    case "createPackageLink":
      return <LinkDialog {...given} />;
    case "recordResponse":
      return <ResponseDialog {...given} />;
    case "closeRequest":
      return <CloseDialog {...given} />;
    case "linkDuplicate":
      return <DuplicateDialog {...given} />;
    default:
      return null;
  }
}
