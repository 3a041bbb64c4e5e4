import type { z } from "zod";
import { answerError } from "./answer-error.ts";
import { findTarget } from "./audit-db/registry.ts";
import type { Actor } from "./auth/actor.ts";
import { assertCan, maySeeServerWords } from "./auth/roles.ts";
import { readChannelHealth } from "./channels/read-health.ts";
import { createHistory } from "./collector/history/history.ts";
import { instanceBoard } from "./collector/sampling/instance-board.ts";
import { listInstances } from "./collector/sampling/instances.ts";
import { consoleDb } from "./db/console-db.ts";
import { expectedDuties } from "./duties/expected-duties.ts";
import { listDuties } from "./duties/list-duties.ts";
import { openEngine } from "./engines/open-engine.ts";
import { env } from "./env.ts";
import { AppError } from "./errors.ts";
import { createCheckStore } from "./evaluation/check-store.ts";
import { readLooks } from "./evaluation/read-looks.ts";
import { createStoredChecks } from "./evaluation/stored-checks.ts";
import { listRedactions } from "./ledger/list-redactions.ts";
import { readLedgerHealth } from "./ledger/read-health.ts";
import { processLogger } from "./log/process-logger.ts";
import { shareAnswer } from "./overview/share-answers.ts";
import { listOpenErasures } from "./privacy/erasure/list-open-erasures.ts";
import { listWaitingHolds } from "./privacy/holds/list-waiting-holds.ts";
import type { Read, ReadContext } from "./read.ts";
import { reads } from "./reads.ts";
import { listOpenRequests } from "./requests/list-open-requests.ts";
import type { Observed, ReadResult } from "./result.ts";
import { readRules } from "./upkeep-rules/read-rules.ts";

export interface ReadQuestion {
  name: string;
  /** Ignored by reads that concern no target. */
  target: string;
  input: unknown;
  /** How old an answer may be, from the caller's own refresh interval; at most a minute. */
  maxAgeMs?: number | undefined;
}

const longestAgeMs = 60_000;

/** Answers one question for one actor: role, then input, then the topic's function. Never throws. */
export async function runRead(actor: Actor | null, question: ReadQuestion): Promise<ReadResult<unknown>> {
  try {
    const read = findRead(question.name);
    assertCan(actor, read.role, { remembered: read.withoutConsole ?? false });
    const input = read.input.parse(question.input ?? {});
    const answer = await read.run(createReadContext(actor, question), input);
    return { ok: true, ...(maySeeServerWords(actor.role) ? answer : withoutServerWords(answer)) };
  } catch (thrown) {
    // Reads that concern no target are given any text for one.
    const target = env().targets.find(({ name }) => name === question.target)?.name;
    return {
      ok: false,
      error: answerError(
        thrown,
        { read: question.name, target },
        processLogger().child({ module: "reads" }),
        { serverWords: maySeeServerWords(actor?.role) },
      ),
    };
  }
}

/** Answers are shared between roles, so what some may not see is left out at the door. */
function withoutServerWords<T>({ missing, ...answer }: Observed<T>): Observed<T> {
  return { ...answer, ...(missing && { missing: missing.map(({ server: _, ...part }) => part) }) };
}

function findRead(name: string): Read<z.ZodType, unknown> {
  if (!Object.hasOwn(reads, name)) throw new AppError("NOT_FOUND", `There is no read named "${name}".`);
  return reads[name as keyof typeof reads] as unknown as Read<z.ZodType, unknown>;
}

/** What reads are given. The target's engine opens on first use, so reads without a target need none. */
export function createReadContext(
  actor: Actor,
  question: Pick<ReadQuestion, "target" | "maxAgeMs">,
): ReadContext {
  const { target: targetName } = question;
  const maxAgeMs = Math.min(question.maxAgeMs ?? 0, longestAgeMs);
  // Before anything is asked, whether or not the answer needs the engine.
  if (targetName && actor.targets && !actor.targets.includes(targetName))
    throw new AppError("FORBIDDEN", `This token may not read the target "${targetName}".`);
  const console = consoleDb();
  return {
    get audit() {
      const engine = openEngine(findTarget(env().targets, targetName));
      return maxAgeMs > 0 ? engine.withMaxAge(maxAgeMs) : engine;
    },
    history: createHistory(console.sql),
    share: (key, compute) => shareAnswer(console, key, compute),
    checkStore: createCheckStore(console.sql),
    storedChecks: createStoredChecks(console.sql),
    instances: () => listInstances(instanceBoard(console.sql)),
    upkeep: () => readRules(console.db, [targetName]),
    looks: () => readLooks(console.sql, targetName),
    duties: () => listDuties(console.sql, expectedDuties(env())),
    waitingHolds: async () =>
      targetName === env().targets[0]?.name && !actor.targets ? listWaitingHolds(console.sql) : [],
    requests: async () =>
      targetName === env().targets[0]?.name && !actor.targets ? listOpenRequests(console.sql) : [],
    erasures: () => listOpenErasures(console.sql, targetName),
    ledger: () => readLedgerHealth(console.sql, targetName),
    redactions: () => listRedactions(console.sql, targetName),
    channels: async () =>
      targetName === env().targets[0]?.name && !actor.targets ? readChannelHealth(console.sql) : [],
    get console() {
      if (actor.targets)
        throw new AppError("FORBIDDEN", "This token is limited to targets; this concerns the whole console.");
      return console;
    },
    limitedConsole: console,
    actor,
    role: actor.role,
    now: new Date(),
  };
}
