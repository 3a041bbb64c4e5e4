import { Command } from "commander";
import { z } from "zod";
import { type ApprovalSummary, getApproval, getApprovals } from "../../approvals/get-approvals.ts";
import { systemActor } from "../../auth/actor.ts";
import { roleNames } from "../../auth/roles.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { action, type CliContext } from "../command.ts";
import { ask } from "../input/ask.ts";
import { timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { readPerson } from "../people/read-person.ts";
import { runVerb } from "./run-verb.ts";

interface ListOptions {
  all?: boolean;
  limit: string;
  before?: string;
}

interface ApproveOptions {
  comment?: string;
  digest?: string;
}

export function approvalsCommand(): Command {
  const command = new Command("approvals").description("what waits for a second person");
  command
    .command("list")
    .description("open requests, newest first")
    .option("--all", "the decided ones, too")
    .option("--limit <count>", "1 to 500", "500")
    .option("--before <id>", "only those asked for before this one: the last of the page before")
    .action(action<ListOptions>(list));
  command
    .command("approve <id>")
    .description("run what somebody else asked for; shows it and asks first")
    .option("--digest <digest>", "the input's digest as `list --json` shows it: approves without asking")
    .option("--comment <text>", "for the activity log")
    .action(action<ApproveOptions>(approve));
  command
    .command("refuse <id>")
    .description("say no to what somebody else asked for")
    .requiredOption("--comment <text>", "why")
    .action(
      action<{ comment: string }>(async (context, { comment }, [approvalId = ""]) => {
        await runVerb(context, "refuseRequest", { approvalId, comment });
        context.out.document({ id: approvalId, state: "refused" });
        context.out.line(`Refused ${approvalId}.`);
      }),
    );
  command
    .command("withdraw <id>")
    .description("take back what you asked for")
    .action(
      action(async (context, _options, [approvalId = ""]) => {
        await runVerb(context, "withdrawRequest", { approvalId });
        context.out.document({ id: approvalId, state: "withdrawn" });
        context.out.line(`Withdrew ${approvalId}.`);
      }),
    );
  return command;
}

async function list(context: CliContext, { all, limit, before }: ListOptions): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const most = wholeNumber(limit, "--limit", 500);
  const asked = {
    state: all ? "all" : "open",
    limit: most + 1,
    before: before && requestIdOf(before),
  } as const;
  const reader = (await readPerson()) ?? systemActor("command line");
  const rows = await getApprovals(consoleDb(), reader, asked, new Date());
  const found = rows.slice(0, most);
  out.document(found);
  if (found.length === 0) out.line(all ? "Nothing ever waited for a second person." : "Nothing is waiting.");
  if (found.length > 0)
    out.table(
      ["id", "action", "about", "asked by", "state", "until", "approved by"],
      found.map((one) => [
        one.id,
        one.action,
        aboutText(one),
        one.requestedBy,
        one.state,
        timeText(one.expiresAt),
        one.decidedBy ?? `needs ${roleNames[one.approverRole]}`,
      ]),
    );
  if (rows.length > most) out.line(`There are older ones. Go on with --before ${found.at(-1)?.id}.`);
}

/** @throws AppError BAD_INPUT */
function requestIdOf(text: string): string {
  if (z.uuid().safeParse(text).success) return text;
  throw new AppError("BAD_INPUT", `"${text}" is not a request's id.`, {
    hint: "See `audit-db approvals list`.",
  });
}

async function approve(
  context: CliContext,
  { digest, comment }: ApproveOptions,
  [approvalId = ""]: string[],
): Promise<void> {
  const { out } = context;
  const seen = digest ?? (await showAndAsk(context, approvalId));
  const done = await runVerb(context, "approveRequest", {
    approvalId,
    digest: seen,
    ...(comment !== undefined && { comment }),
  });
  out.document(done);
  out.line(`Approved, and ${done.action} is done: ${JSON.stringify(done.answer)}`);
}

/** @returns the digest of what was shown */
async function showAndAsk(context: CliContext, id: string): Promise<string> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const actor = (await readPerson()) ?? systemActor("command line");
  const found = /^[0-9a-f-]{36}$/i.test(id) ? await getApproval(consoleDb(), actor, id, new Date()) : null;
  if (!found)
    throw new AppError("NOT_FOUND", "There is no such request.", { hint: "See `audit-db approvals list`." });
  out.line(`${found.requestedBy} asks for ${found.action}${found.target ? ` on ${found.target}` : ""}:\n`);
  out.line(`${JSON.stringify(found.input, null, 2)}\n`);
  const typed = await ask(`Type ${found.action} to approve and run it: `, {
    without: "Say with --digest which input you approve; `audit-db approvals list --json` shows it.",
  });
  if (typed.trim() !== found.action)
    throw new AppError("BAD_INPUT", `Nothing was approved: that is not "${found.action}".`);
  return found.digest;
}

const aboutText = ({ object, target }: ApprovalSummary): string =>
  [object?.name ?? object?.id, target && `on ${target}`].filter(Boolean).join(" ");
