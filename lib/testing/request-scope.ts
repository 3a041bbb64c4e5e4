import { eq } from "drizzle-orm";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { schema } from "../db/schema.ts";
import { erasureContext } from "../privacy/erasure/erasure-context.ts";
import type { RequestRow } from "../requests/read-request.ts";
import { countTarget } from "../requests/scope/count-target.ts";
import { readPersonKeys } from "../requests/scope/person-keys.ts";
import { emptyScope, sumScope } from "../requests/scope/sum-scope.ts";
import type { ScopeWitness } from "../requests/scope/witness.ts";
import type { ScopeTarget } from "../requests/scope-types.ts";
import type { PrivacyWorld } from "./privacy-world.ts";

/**
 * A scope as its job counts it, without a look through every event: what is in clear the test says.
 * @returns what was counted
 */
export async function countTestScope(
  { console }: PrivacyWorld,
  row: RequestRow,
  clear: Record<string, ScopeTarget["clear"]> = {},
): Promise<ScopeTarget[]> {
  const now = new Date();
  const context = erasureContext(console, () => now);
  const person = await readPersonKeys(console, row);
  const targets: ScopeTarget[] = [];
  const witness: ScopeWitness = { thorough: false, targets: [] };
  for (const target of row.targets) {
    const counted = await countTarget(context, person, target);
    const { facts, holds } = counted;
    const lawOf = () => undefined;
    const summed = facts
      ? sumScope({ target, facts, holds, restricted: person.restricted, lawOf, now })
      : emptyScope(target, counted.witness.problem);
    const own = clear[target] ?? [];
    targets.push({ ...summed, clear: own, clearEvents: own.length });
    witness.targets.push(counted.witness);
  }
  const { requestScope, privacyRequest } = schema;
  const id = uuidV7();
  await console.db.insert(requestScope).values({
    ...{ id, requestId: row.id, state: "done" as const, beganAt: now, madeAt: now, targets, witness },
  });
  await console.db.update(privacyRequest).set({ scopeId: id }).where(eq(privacyRequest.id, row.id));
  return targets;
}
