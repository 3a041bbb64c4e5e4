"use client";

import { DecideDialog } from "@/components/requests/decision/decide-dialog.tsx";
import { RefuseDialog } from "@/components/requests/decision/refuse-dialog.tsx";
import { ExecuteDialog } from "@/components/requests/execution/execute-dialog.tsx";
import { AskDialog, type AskVerb } from "@/components/requests/life/ask-dialogs.tsx";
import { CloseDialog } from "@/components/requests/life/close-dialog.tsx";
import { DuplicateDialog } from "@/components/requests/life/duplicate-dialog.tsx";
import { ExtendDialog } from "@/components/requests/life/extend-dialog.tsx";
import { IdentityDialog } from "@/components/requests/life/identity-dialog.tsx";
import { ResponseDialog } from "@/components/requests/life/response-dialog.tsx";
import { LinkDialog } from "@/components/requests/package/link-dialog.tsx";
import { RevealDialog } from "@/components/requests/package/reveal-dialog.tsx";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { Command } from "./request-commands.ts";

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
