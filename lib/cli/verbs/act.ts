import { Command } from "commander";
import { findAction, listActions } from "../../admin.ts";
import { roleNames } from "../../auth/roles.ts";
import type { AwaitsApproval } from "../../result.ts";
import { action, type CliContext } from "../command.ts";
import { readInput } from "../input/read-input.ts";
import { timeText } from "../output/format.ts";
import { runAction } from "./run-verb.ts";

export function actCommand(): Command {
  return new Command("act")
    .argument("[name]")
    .description("do any action of the console by its name; without one, list them")
    .option("--input <json>", "its input as JSON, @FILE, or - for standard input", "{}")
    .action(
      action<{ input: string }>(async (context, { input }, [name]) => {
        if (name === undefined) return listAll(context);
        const found = findAction("cli", name);
        await act(context, found, await readInput(input));
      }),
    );
}

function listAll({ out }: CliContext): void {
  const offered = listActions().filter(([, { notOffered }]) => notOffered?.cli === undefined);
  out.document(offered.map(([name, { name: recorded, role }]) => ({ name, recorded, role })));
  out.table(
    ["action", "recorded as", "needs", "second person"],
    offered.map(([name, { name: recorded, role, approval }]) => [
      name,
      recorded,
      roleNames[role],
      approval ? roleNames[approval.role] : "",
    ]),
  );
}

async function act(context: CliContext, found: ReturnType<typeof findAction>, input: unknown): Promise<void> {
  const { out } = context;
  const { data, jobId, awaitsApproval } = await runAction(context, found, input);
  out.document({ data, ...(jobId !== undefined && { jobId }), ...(awaitsApproval && { awaitsApproval }) });
  if (awaitsApproval) out.line(awaitsWords(data));
  else out.line(`Done: ${JSON.stringify(data)}`);
  if (jobId !== undefined) out.line(`The job ${jobId} goes on with it.`);
}

/** What is said of what waits for a second person. */
export function awaitsWords(data: unknown): string {
  const { approvalId, approverRole, expiresAt } = data as AwaitsApproval;
  return (
    `Nothing was done yet: somebody else with the role ${roleNames[approverRole]} must approve it until ` +
    `${timeText(expiresAt)}.\n\n  audit-db approvals approve ${approvalId}`
  );
}
