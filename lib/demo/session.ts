import type { EventInput } from "../audit-db/append/event-schema.ts";
import type { Person } from "../audit-db/vault/types.ts";
import { type ActionName, actions } from "./actions.ts";
import { type Organization, pickActor, pickOrganization, pickSubject } from "./population.ts";
import type { Random } from "./random.ts";

/** An event of a session and how long after the session's beginning it happens. */
export interface SessionEvent {
  afterMs: number;
  event: EventInput;
}

type Step = ActionName | { of: readonly [ActionName, ...ActionName[]]; from: number; to: number };

/** Courses that people's and machines' sessions take; `weight` is how often. */
const courses: readonly { weight: number; steps: readonly [Step, ...Step[]]; machine?: boolean }[] = [
  {
    weight: 46,
    steps: [
      "user.login",
      { of: ["search.performed"], from: 0, to: 2 },
      { of: ["record.viewed", "record.viewed", "record.viewed", "record.updated"], from: 1, to: 7 },
      { of: ["user.logout"], from: 0, to: 1 },
    ],
  },
  {
    weight: 20,
    steps: [
      "user.login",
      { of: ["invoice.created", "invoice.approved", "document.downloaded"], from: 1, to: 5 },
      { of: ["payment.released"], from: 0, to: 2 },
      { of: ["user.logout"], from: 0, to: 1 },
    ],
  },
  { weight: 12, steps: [{ of: ["report.viewed", "search.performed"], from: 1, to: 4 }] },
  { weight: 6, steps: [{ of: ["consent.given", "consent.given", "consent.withdrawn"], from: 1, to: 2 }] },
  {
    weight: 3,
    steps: [
      "user.login",
      { of: ["role.granted", "role.revoked", "settings.changed", "api_key.rotated"], from: 1, to: 4 },
    ],
  },
  { weight: 3, steps: ["export.requested", "export.delivered"] },
  { weight: 9, steps: ["integration.synced"], machine: true },
  { weight: 1, steps: ["backup.verified"], machine: true },
];
const weights = courses.map((course) => course.weight);
const machineWeights = courses.map((course) => (course.machine ? course.weight : 0));

/** One session: what a person or a machine does one after the other, under one correlation id. */
export function makeSession(random: Random, options: { machine?: boolean } = {}): SessionEvent[] {
  const course = courses[random.weighted(options.machine ? machineWeights : weights)];
  if (!course) return [];
  const organization = pickOrganization(random);
  const actor = course.machine ? undefined : pickActor(random, organization);
  const correlationId = random.hex(32);
  const events: SessionEvent[] = [];
  let afterMs = 0;
  for (const name of course.steps.flatMap((step) => unroll(step, random))) {
    const event = makeEvent(random, name, organization, actor, correlationId);
    events.push({ afterMs, event });
    if (name === "user.login" && event.status === "failure" && random.chance(0.5)) break;
    afterMs += Math.round(1_500 + 90_000 * random.next() ** 3);
  }
  return events;
}

function unroll(step: Step, random: Random): ActionName[] {
  if (typeof step === "string") return [step];
  return Array.from({ length: random.int(step.from, step.to) }, () => random.pick(step.of));
}

function makeEvent(
  random: Random,
  name: ActionName,
  organization: Organization,
  actor: Person | undefined,
  correlationId: string,
): EventInput {
  const action = actions[name];
  const failed = action.failures !== undefined && random.chance(action.failures.share);
  const targetPerson = action.person ? pickSubject(random, organization) : undefined;
  return {
    organizationId: organization.id,
    action: name,
    status: failed ? "failure" : name === "export.requested" ? "attempt" : "success",
    outcome: failed && action.failures ? random.pick(action.failures.outcomes) : null,
    targetType: action.targetType,
    ...(targetPerson ? { targetPerson } : { targetId: `${action.targetType}_${random.hex(8)}` }),
    ...(actor && { actor }),
    correlationId,
    dataClassification: action.classification,
    retentionPolicy: action.policy,
    // Log-normal: most are near the median, a few take ten times as long.
    processingMs: Math.round(
      action.medianMs * Math.exp((random.next() + random.next() + random.next() - 1.5) * 1.4),
    ),
    details: action.details?.(random) ?? {},
  };
}
