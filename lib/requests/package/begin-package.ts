import { and, eq } from "drizzle-orm";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import { readController } from "../controller.ts";
import type { RequestRow } from "../read-request.ts";
import type { RequestScope } from "../scope-types.ts";
import type { RequestKey, RequestPerson } from "../sealed.ts";
import type { DecisionPart, RequestDecision } from "../types.ts";
import { findPackage, type PackageRow } from "./find-package.ts";
import { type FindContext, findStreams, findTokens } from "./find-streams.ts";
import { drawPassphrase } from "./passphrase.ts";
import type { PackagePlan } from "./plan.ts";
import { writePlan } from "./stored-pieces.ts";

export const passphrasePlace = (packageId: string) => `package/${packageId}/passphrase`;

/** What a package and a letter are made for. @throws AppError UNSUPPORTED for a kind that hands nothing out */
export function packageKind({ kind, number }: Pick<RequestRow, "kind" | "number">): PackagePlan["kind"] {
  if (kind === "access" || kind === "portability") return kind;
  throw new AppError("UNSUPPORTED", `Request #${number} (${kind}) has no package.`);
}

/**
 * The package that a request is being answered with: the one that an earlier attempt or job left half done, else a new one,
 * with its plan, and a passphrase that nobody has seen, both sealed under the request's key.
 */
export async function beginPackage(
  context: FindContext & Pick<JobContext, "now" | "write"> & { jobId: string },
  request: RequestRow,
  person: RequestPerson,
  key: RequestKey,
): Promise<PackageRow> {
  const { console, jobId, write } = context;
  const { requestPackage } = schema;
  const left = await findPackage(console.db, request);
  if (left && (left.state === "collecting" || left.state === "sealing" || left.state === "ready")) {
    const [adopted] = await write((tx) =>
      tx
        .update(requestPackage)
        .set({ jobId })
        .where(and(eq(requestPackage.id, left.id), eq(requestPackage.state, left.state)))
        .returning(),
    );
    if (adopted) return adopted;
  }
  const plan = await makePlan(context, request, person);
  const now = context.now();
  const id = uuidV7(now.getTime());
  return write(async (tx) => {
    const passphrase = key.seal(passphrasePlace(id), Buffer.from(drawPassphrase()));
    const [row] = await tx
      .insert(requestPackage)
      .values({ id, requestId: request.id, state: "collecting", jobId, beganAt: now, passphrase })
      .returning();
    await writePlan(tx, key, id, plan);
    return row as PackageRow;
  });
}

async function makePlan(
  context: FindContext & { now(): Date },
  request: RequestRow,
  person: RequestPerson,
): Promise<PackagePlan> {
  const { db } = context.console;
  const kind = packageKind(request);
  const granted = (await decidedParts(context, request)).filter(({ decision }) => decision === "grant");
  const targets = [...new Set(granted.map(({ target }) => target))];
  const { keys, tokens } =
    targets.length > 0 ? await findTokens(context, person, targets) : { keys: [], tokens: {} };
  const controller = await readController(db, request.organizations);
  return {
    kind,
    until: context.now().toISOString(),
    streams: findStreams(kind, granted, keys, { regime: request.regime, controller }),
    organizations: request.organizations,
    tokens,
    own: [...person.identifiers.map(({ value }) => value), ...(person.name === null ? [] : [person.name])],
    revealed: await readRevealed(context, request),
  };
}

/** What was decided of each part; everything that was counted, where the whole was granted without parts. */
export async function decidedParts(
  { console: { db } }: Pick<FindContext, "console">,
  { decision, scopeId }: Pick<RequestRow, "decision" | "scopeId">,
): Promise<DecisionPart[]> {
  const { parts } = (decision as RequestDecision | null) ?? { parts: [] };
  if (parts.length > 0 || scopeId === null) return parts;
  const { requestScope } = schema;
  const [scope] = await db
    .select({ targets: requestScope.targets })
    .from(requestScope)
    .where(eq(requestScope.id, scopeId));
  const targets = (scope?.targets as RequestScope["targets"] | null | undefined) ?? [];
  return targets.flatMap(({ target, policies }) =>
    policies.map(({ policy }) => ({ target, policy, decision: "grant" as const, ground: null })),
  );
}

/** Events in which others are shown, by target, each once however often somebody said so. */
async function readRevealed(
  { console: { db } }: Pick<FindContext, "console">,
  { id }: Pick<RequestRow, "id">,
): Promise<Record<string, string[]>> {
  const { requestEvent } = schema;
  const rows = await db
    .select({ facts: requestEvent.facts })
    .from(requestEvent)
    .where(and(eq(requestEvent.requestId, id), eq(requestEvent.kind, "others_revealed")));
  const revealed: Record<string, string[]> = {};
  for (const { facts } of rows) {
    const { target, events } = facts as { target: string; events: string[] };
    revealed[target] = [...new Set([...(revealed[target] ?? []), ...events])];
  }
  return revealed;
}
