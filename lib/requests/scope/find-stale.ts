import { eq } from "drizzle-orm";
import type { ConsoleDb } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { erasureContext } from "../../privacy/erasure/erasure-context.ts";
import type { RequestRow } from "../read-request.ts";
import { targetsOf } from "../targets-of.ts";
import { countTarget } from "./count-target.ts";
import { readPersonKeys } from "./person-keys.ts";
import { type ScopeWitness, tellChanges, unknownWitness } from "./witness.ts";

type Asked = Pick<RequestRow, "id" | "number" | "sealed" | "kind" | "organizations" | "targets" | "scopeId">;

/**
 * Whoever decides or carries out waits for it inside a transaction, which the console's database ends after a minute without a
 * statement.
 */
const withinMs = 45_000;

interface StaleContext {
  console: ConsoleDb;
  now: Date;
}

/**
 * What has changed since a request's scope was made, in words: new events, holds placed or released, floors, a restriction. None:
 * it is of what there is now. Counts again, by the indexes on the person's tokens.
 */
export async function findStale({ console, now }: StaleContext, request: Asked): Promise<string[]> {
  const { requestScope } = schema;
  const [scope] =
    request.scopeId === null
      ? []
      : await console.db.select().from(requestScope).where(eq(requestScope.id, request.scopeId));
  if (scope?.state !== "done") return ["nothing was counted yet"];
  const { targets } = scope.witness as ScopeWitness;
  const context = erasureContext(console, () => now);
  const person = await readPersonKeys(console, request);
  const counted = await Promise.all(
    targetsOf(request).map((target) => countTarget(context, person, target, withinMs)),
  );
  return counted.flatMap(({ target, witness }) =>
    tellChanges(
      targets.find((one) => one.target === target) ??
        unknownWitness(target, "it was not among the targets then"),
      witness,
    ),
  );
}

/** For whoever decides and carries out. @throws AppError CONFLICT with what has changed, and that it is to be counted again */
export async function assertScopeFresh(context: StaleContext, request: Asked): Promise<void> {
  const stale = await findStale(context, request);
  if (stale.length === 0) return;
  throw new AppError(
    "CONFLICT",
    `The scope of request #${request.number} is not of what there is now: ${stale.slice(0, 5).join("; ")}.`,
    { hint: "Count again, look at what is different, and then decide.", untouched: true },
  );
}
