import type { Command } from "commander";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError, exitStatus } from "../../errors.ts";
import { getScan, type RequestScanView } from "../../requests/scan/get-scan.ts";
import { getScope } from "../../requests/scope/get-scope.ts";
import type { RequestScope, ScopePolicy, ScopeTarget } from "../../requests/scope-types.ts";
import { counted } from "../../words.ts";
import { action, type CliContext } from "../command.ts";
import { oneLine, timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { runVerbJob, type WaitOptions, withNoWait } from "../verbs/run-verb-job.ts";

interface ScopeOptions extends WaitOptions {
  show?: boolean;
  thorough?: boolean;
}

type ScanOptions = WaitOptions & { show?: boolean };

/** `privacy scope` and `privacy scan`. */
export function addScopeCommands(command: Command): void {
  withNoWait(
    command
      .command("scope <number>")
      .description(
        "count what there is of a request's person, as a dry run: floors and holds record by record",
      )
      .option("--show", "only show the newest, and what has changed since")
      .option("--thorough", "look through every event for identifiers in clear; usual for an erasure")
      .option("--no-thorough", "look through the person's own events alone"),
  ).action(action<ScopeOptions>(scope));
  withNoWait(
    command
      .command("scan <number>")
      .description("look for what is left of a person after an erasure, in every place")
      .option("--show", "only show the newest"),
  ).action(action<ScanOptions>(scan));
}

async function scope(
  context: CliContext,
  { show, thorough, ...wait }: ScopeOptions,
  [number = ""]: string[],
): Promise<number | undefined> {
  const request = wholeNumber(number, "the number", Number.MAX_SAFE_INTEGER);
  if (!show) {
    const input = { request, ...(thorough !== undefined && { thorough }) };
    if ((await runVerbJob(context, "scopeRequest", input, wait)) === undefined) return undefined;
  }
  const found = await getScope(opened(context), request, new Date());
  context.out.document(found);
  if (!found) throw new AppError("NOT_FOUND", `Request #${request} was not counted yet.`);
  tellScope(context, found);
  return found.fresh === false || found.targets.some(({ problem }) => problem !== null)
    ? exitStatus.CONFLICT
    : 0;
}

function opened(context: CliContext) {
  context.atEnd(closeConsoleDb);
  return consoleDb();
}

function tellScope({ out }: CliContext, { state, madeAt, targets, stale }: RequestScope): void {
  if (state !== "done" || madeAt === null) {
    out.line(`The scope is ${state}.`);
    return;
  }
  const policies = targets.flatMap(({ target, policies }) =>
    policies.map((policy) => ({ target, ...policy })),
  );
  if (policies.length > 0)
    out.table(
      ["target", "policy", "events", "free", "floor", "held", "until", "law", "keeps"],
      policies.map((one) => [
        one.target,
        one.policy,
        one.events,
        one.free,
        one.floored,
        one.held,
        one.until?.slice(0, 10) ?? "",
        oneLine(one.legalBasis ?? "", 60),
        keeps(one),
      ]),
    );
  for (const target of targets) tellTarget(out, target);
  for (const words of stale) out.line(`Not of now: ${words}.`);
}

function keeps({ holds, restricted, quarantined, sharedKey, outcome }: ScopePolicy): string {
  return [
    ...holds.map(({ number, events }) => `hold #${number}: ${events}`),
    ...(restricted ? ["restricted"] : []),
    ...(quarantined > 0 ? [`quarantine: ${quarantined}`] : []),
    ...(sharedKey ? ["shared key"] : []),
    ...(outcome === "unknown" ? ["policy not known"] : []),
  ].join(", ");
}

function tellTarget(out: CliContext["out"], { target, problem, events, clearEvents }: ScopeTarget): void {
  if (problem !== null) out.line(`${target} could not be asked as a whole: ${problem}`);
  else if (events === 0) out.line(`${target}: nothing.`);
  if (clearEvents > 0)
    out.line(`${target}: ${counted(clearEvents, "event")} with an identifier in a clear field.`);
}

async function scan(
  context: CliContext,
  { show, ...wait }: ScanOptions,
  [number = ""]: string[],
): Promise<number | undefined> {
  const request = wholeNumber(number, "the number", Number.MAX_SAFE_INTEGER);
  if (!show && (await runVerbJob(context, "scanRequest", { request }, wait)) === undefined) return undefined;
  const found = await getScan(opened(context).db, request);
  context.out.document(found);
  if (!found) throw new AppError("NOT_FOUND", `Nothing was looked for after request #${request} yet.`);
  tellScan(context, found);
  return found.listed ? 0 : exitStatus.CONFLICT;
}

function tellScan({ out }: CliContext, { state, endedAt, places, listed }: RequestScanView): void {
  if (state !== "done" || endedAt === null) {
    out.line(`The scan is ${state}.`);
    return;
  }
  out.table(
    ["place", "target", "where", "state", "found", "ground", "until"],
    places.map((place) => [
      place.kind,
      place.target ?? "",
      oneLine(place.where, 80),
      place.state,
      place.found,
      oneLine(place.ground ?? "", 120),
      place.until?.slice(0, 10) ?? "",
    ]),
  );
  for (const { where, sql } of places) if (sql !== null) out.line(`${where}: ${sql}`);
  out.line(
    listed
      ? `Nothing is left but what is listed with its ground, as of ${timeText(new Date(endedAt))}.`
      : "Something is left, or could not be looked at: remove it, and scan again.",
  );
}
