import { inArray } from "drizzle-orm";
import { z } from "zod";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";

/** What a controller says of a retention policy. */
const policyLaw = z.object({
  /** Art. 6(1) */
  basis: z.string().nullish(),
  /** The law that commands its floor. */
  floorLaw: z.string().nullish(),
});
export type PolicyLaw = z.infer<typeof policyLaw>;

const facts = z.object({ policies: z.record(z.string(), policyLaw).optional() });

/** By which law events of each policy are kept, as the controllers of a request's organisations say: theirs before that of everybody else. */
export async function readPolicyLaw(
  db: Queryable,
  organizations: readonly string[],
): Promise<(policy: string) => PolicyLaw | undefined> {
  const { privacyController } = schema;
  const rows = await db
    .select()
    .from(privacyController)
    .where(inArray(privacyController.organization, [...organizations, "*"]));
  const own = rows.toSorted((a, b) => Number(a.organization === "*") - Number(b.organization === "*"));
  const known = own.map((row) => facts.safeParse(row.facts).data?.policies ?? {});
  return (policy) => known.find((policies) => policies[policy])?.[policy];
}
