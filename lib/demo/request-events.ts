import type { EventInput } from "../audit-db/append/event-schema.ts";
import { type ActionName, actions } from "./actions.ts";
import { organizations } from "./population.ts";
import { createRandom } from "./random.ts";
import type { Asking } from "./request-people.ts";

const seed = 0xa5c;
const dayMs = 86_400_000;
const eventsEach = 40;
const longestDays = 60;

/** What they did themselves, and what was done about them. */
const own: readonly [ActionName, ...ActionName[]] = [
  "user.login",
  "search.performed",
  "document.downloaded",
  "user.logout",
];
const about: readonly [ActionName, ...ActionName[]] = ["record.viewed", "record.updated", "consent.given"];

/** A person's events of the last two months, under several policies, as actor and as target. */
export function personEvents({ id, person }: Asking, now: Date): EventInput[] {
  const random = createRandom(
    seed,
    [...id].reduce((sum, c) => Math.imul(sum, 31) + (c.codePointAt(0) ?? 0), 7) | 0,
  );
  const organization = organizations[0];
  const named = { id, name: person.name ?? id, email: person.contact ?? undefined };
  return Array.from({ length: eventsEach }, () => {
    const asActor = random.chance(0.5);
    const name = random.pick(asActor ? own : about);
    const action = actions[name];
    return {
      occurredAt: new Date(
        now.getTime() - Math.round((1 + random.next() * longestDays) * dayMs),
      ).toISOString(),
      organizationId: organization?.id ?? "org_demo",
      action: name,
      status: "success" as const,
      targetType: action.targetType,
      ...(asActor
        ? { actor: named, targetId: `${action.targetType}_${random.hex(8)}` }
        : { targetPerson: named }),
      dataClassification: action.classification,
      retentionPolicy: action.policy,
      processingMs: action.medianMs,
      details: action.details?.(random) ?? {},
    };
  });
}
