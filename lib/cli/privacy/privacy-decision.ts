import type { Command } from "commander";
import { AppError } from "../../errors.ts";
import { findGround } from "../../request-law/grounds.ts";
import { stateNames } from "../../request-law/states.ts";
import { requestsReads } from "../../requests/reads.ts";
import type { DecisionPart } from "../../requests/types.ts";
import { reading } from "../alerts/silences.ts";
import { action, type CliContext } from "../command.ts";
import { readTextFile } from "../input/read-text-file.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { requestNumberOf } from "./privacy-requests.ts";

interface NoteOptions {
  noteFrom?: string;
}

const noteHelp = "a file with why, or - for standard input; it is sealed";

/** `privacy approve` and `privacy refuse`. */
export function addDecisionCommands(command: Command): void {
  command
    .command("approve <number>")
    .description("grant what was counted, but for what --refuse names; by somebody else than opened it")
    .option("--refuse <part...>", "TARGET/POLICY=GROUND, such as eu/phi=eu_17_3_b")
    .option("--note-from <file>", noteHelp)
    .action(action<NoteOptions & { refuse?: string[] }>(approve));
  command
    .command("refuse <number>")
    .description("refuse all of it; with the person's right to complain and to go to court in the answer")
    .requiredOption("--ground <id>", "what says so, such as eu_11_2; `show` names the law that counts")
    .option("--note-from <file>", noteHelp)
    .action(action<NoteOptions & { ground: string }>(refuse));
}

async function approve(
  context: CliContext,
  { refuse: named = [], noteFrom }: NoteOptions & { refuse?: string[] },
  [given]: string[],
): Promise<void> {
  const request = requestNumberOf(given);
  const refused = new Map(named.map(readPart));
  const { version, parts: counted } = await readParts(context, request);
  const names = counted.map(({ target, policy }) => `${target}/${policy}`);
  const unknown = [...refused.keys()].filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new AppError("BAD_INPUT", `Nothing was counted under ${unknown.map(partName).join(", ")}.`, {
      hint: `There are: ${names.join(", ") || "none"}.`,
    });
  const parts = counted.map((part): DecisionPart => {
    const ground = refused.get(`${part.target}/${part.policy}`) ?? null;
    return { ...part, decision: ground === null ? "grant" : "refuse", ground };
  });
  await decide(context, { request, version, parts }, noteFrom);
}

async function refuse(
  context: CliContext,
  { ground, noteFrom }: NoteOptions & { ground: string },
  [given]: string[],
): Promise<void> {
  const request = requestNumberOf(given);
  const { regime, version, parts } = await readParts(context, request);
  // A ground that is no ground for a whole refuses each part that was counted.
  const each = parts.length > 0 && findGround(regime, ground)?.whole === false;
  const decided = each
    ? { parts: parts.map((part): DecisionPart => ({ ...part, decision: "refuse", ground })) }
    : { ground };
  await decide(context, { request, version, ...decided }, noteFrom);
}

/** What is no name of a target and a policy is not repeated: nobody knows what was typed there. */
const partName = (part: string) =>
  /^[\w-]{1,63}\/[\w-]{1,63}$/.test(part) ? part : "what is no TARGET/POLICY";

function readPart(text: string): [part: string, ground: string] {
  const [part, ground] = text.split("=");
  if (part && ground && part.includes("/")) return [part, ground];
  throw new AppError("BAD_INPUT", "--refuse must be TARGET/POLICY=GROUND, such as eu/phi=eu_17_3_b.");
}

async function readParts(context: CliContext, request: number) {
  const { data } = await requestsReads.request.run(reading(context), { request });
  const { regime, version, scope } = data;
  const parts = (scope?.targets ?? []).flatMap(({ target, policies }) =>
    policies.map(({ policy }) => ({ target, policy })),
  );
  return { regime, version, parts };
}

async function decide(
  context: CliContext,
  input: { request: number; version: number; parts?: DecisionPart[]; ground?: string },
  noteFrom: string | undefined,
): Promise<void> {
  const note = noteFrom === undefined ? undefined : await readTextFile(noteFrom);
  const done = await runVerb(context, "decideRequest", { ...input, ...(note !== undefined && { note }) });
  context.out.document(done);
  context.out.line(
    `Request #${done.number} is ${stateNames[done.state].toLowerCase()}: ${done.granted} granted, ${done.refused} refused.`,
  );
}
