import { z } from "zod";
import { erasureStates } from "../../../drizzle/console/schema/privacy.ts";
import { packageStates } from "../../../drizzle/console/schema/request-packages.ts";
import { scopeStates } from "../../../drizzle/console/schema/request-work.ts";
import { clockIntervalKinds, intakeChannels } from "../../../drizzle/console/schema/requests.ts";
import { letterLanguages } from "../../request-law/grounds/ground.ts";
import { requestKindNames } from "../../request-law/kinds.ts";
import { regimes } from "../../request-law/regimes.ts";
import { requestStates } from "../../request-law/states.ts";
import { controller } from "../../requests/controller.ts";
import { requestEventKinds } from "../../requests/types.ts";
import { intakeDefaults } from "../../requests/webhook/intake-defaults.ts";
import { count, instant, nullableText } from "../parts.ts";
import { requestScopeAnswer } from "./request-scope.ts";

const day = z.iso.date().meta({ description: "A day of the controller's calendar" });
const state = z.enum(requestStates).meta({ id: "RequestState" });
const kind = z.enum(requestKindNames);
const regime = z.enum(regimes);
const standing = z.enum(clockIntervalKinds).nullable().meta({ description: "While the clock stands: why" });

const summary = z.object({
  id: z.uuid(),
  number: count,
  version: count.meta({ description: "Send it along to act on the request as you saw it" }),
  kind,
  regime: regime.meta({ description: "Whose law sets its clock" }),
  state,
  resumesAt: state.nullable().meta({ description: "Where it goes on after failed or blocked_by_hold" }),
  organizations: z.array(z.string()).meta({ description: "None: events of every organisation" }),
  targets: z.array(z.string()),
  receivedAt: instant,
  channel: z.enum(intakeChannels),
  reference: nullableText.meta({ description: "Number of the ticket that it came from" }),
  submittedBy: z.string(),
  dueAt: instant.nullable().meta({ description: "When the last day ends; null while the clock stands" }),
  dueOn: day.nullable(),
  daysLeft: z
    .int()
    .nullable()
    .meta({ description: "Negative once the last day is over; null once the person was answered" }),
  standing,
  intervals: z.array(
    z.object({ kind: z.enum(clockIntervalKinds), beganAt: instant, endedAt: instant.nullable() }),
  ),
  extendedAt: instant.nullable(),
  timeZone: z.string(),
  respondedAt: instant.nullable().meta({ description: "When the person was answered" }),
  closedAt: instant.nullable(),
  next: z
    .object({ verb: nullableText.meta({ description: "Null: the console works" }), words: z.string() })
    .nullable()
    .meta({ description: "What somebody should do now" }),
});

export const requestsAnswer = z.array(
  summary.meta({ id: "DataRequest", description: "What somebody asks of their data; never who" }),
);

export const timelineAnswer = z.array(
  z
    .object({
      id: z.uuid(),
      at: instant,
      kind: z.enum(requestEventKinds),
      from: state.nullable(),
      to: state.nullable(),
      by: z.string(),
      role: z.string(),
      facts: z.record(z.string(), z.unknown()),
      typed: z.boolean().meta({ description: "Whether a text stands sealed with it" }),
    })
    .meta({ id: "DataRequestEvent" }),
);

const decision = z.object({
  ground: nullableText,
  parts: z.array(
    z.object({
      target: z.string(),
      policy: z.string(),
      decision: z.enum(["grant", "refuse"]),
      ground: nullableText,
    }),
  ),
});

const scan = z.object({
  id: z.uuid(),
  state: z.enum(scopeStates),
  jobId: z.uuid().nullable(),
  beganAt: instant,
  endedAt: instant.nullable(),
  places: z.array(
    z.object({
      kind: z.string(),
      where: z.string(),
      target: nullableText,
      state: z.enum(["clean", "found", "unknown"]),
      found: count,
      ground: nullableText.meta({
        description: "Why it stays, where that is lawful or not in the console's power",
      }),
      until: nullableText,
      sql: nullableText.meta({ description: "What its owner runs to remove it" }),
    }),
  ),
});

export const requestScanAnswer = scan
  .extend({
    listed: z.boolean().meta({ description: "Whether nothing is left but what is listed with its ground" }),
  })
  .nullable()
  .meta({ id: "RequestScan" });

export const requestAnswer = summary
  .extend({
    clock: z.object({
      dueOn: day.nullable(),
      dueAt: instant.nullable(),
      standing,
      stoodDays: z.int(),
      extendBy: day.nullable().meta({ description: "The last day on which an extension may be told" }),
      acknowledgeBy: day.nullable(),
    }),
    country: z.string(),
    region: nullableText,
    language: z.enum(letterLanguages),
    source: nullableText.meta({ description: "The ticketing system that handed it in" }),
    submittedAt: instant,
    lacksController: z.boolean().meta({
      description:
        "Whether it hands something out and no controller is set that answers for it: it cannot be carried out",
    }),
    personKept: z.boolean().meta({ description: "Whether what it says of the person can still be read" }),
    personalUntil: instant.nullable(),
    personalDestroyedAt: instant.nullable(),
    decision: decision.nullable(),
    decidedBy: nullableText,
    decidedAt: instant.nullable(),
    executedBy: nullableText,
    executedAt: instant.nullable(),
    respondedAt: instant.nullable(),
    jobId: z.uuid().nullable(),
    problem: nullableText,
    duplicateOf: count.nullable(),
    duplicates: z.array(count),
    scope: requestScopeAnswer,
    timeline: timelineAnswer,
    files: z.array(
      z.object({
        id: z.uuid(),
        addedAt: instant,
        addedBy: z.string(),
        bytes: count,
        sha256: z.string(),
        mediaType: z.string(),
        kept: z.boolean(),
      }),
    ),
    package: z
      .object({
        id: z.uuid(),
        state: z.enum(packageStates),
        jobId: z.uuid().nullable(),
        beganAt: instant,
        readyAt: instant.nullable(),
        events: count,
        bytes: count,
        sha256: nullableText,
        linkUntil: instant.nullable(),
        downloadedAt: instant.nullable(),
        purgedAt: instant.nullable(),
      })
      .nullable(),
    scan: scan.nullable(),
    certificates: z.array(z.object({ n: count, signedAt: instant, kid: z.string(), sha256: z.string() })),
    erasures: z.array(
      z.object({
        id: z.uuid(),
        target: z.string(),
        policy: z.string(),
        state: z.enum(erasureStates),
        dueAt: instant.nullable(),
        destroyedAt: instant.nullable(),
        entry: count.nullable(),
      }),
    ),
  })
  .meta({ id: "DataRequestDetail" });

export const requestCountsAnswer = z.object({
  states: z.object(
    Object.fromEntries(requestStates.map((name) => [name, count])) as Record<string, typeof count>,
  ),
  open: count,
  overdue: count,
  dueWithinWeek: count,
});

export const calendarAnswer = z.array(
  z.object({ day, requests: z.array(z.object({ number: count, kind, state })) }),
);

const ofRegimes = <T extends z.ZodType>(one: T) => z.object({ eu: one, uk: one, california: one });
const ground = z
  .object({
    id: z.string(),
    law: z.string(),
    title: z.string(),
    kinds: z.array(kind),
    whole: z.boolean().meta({ description: "Whether it refuses the whole, before anything was counted" }),
    words: z.object({ en: z.string(), de: z.string() }),
  })
  .meta({ id: "RefusalGround" });

export const groundsAnswer = z.object({
  refusals: ofRegimes(z.array(ground)),
  keeping: ofRegimes(z.object({ floor: z.string(), hold: z.string() })),
  law: z.array(
    z.object({
      law: z.string(),
      says: z.string(),
      states: z.array(state),
      kinds: z.array(kind).nullable().meta({ description: "Requests that it is about; null: all of them" }),
      regimes: z.array(regime).meta({ description: "Whose requests it is law for" }),
      clock: nullableText,
      grounds: z.array(z.string()),
      screen: z.string(),
    }),
  ),
  remedies: ofRegimes(z.string()).meta({
    description:
      "What every refusal tells beside its ground: where to complain, and that a court may be asked",
  }),
});

export const controllersAnswer = z.array(
  z.object({
    organization: z.string().meta({ description: "`*`: whoever has none of their own" }),
    version: count.meta({ description: "0: nobody has set it" }),
    controller,
    changedAt: instant.nullable(),
    changedBy: nullableText,
  }),
);

export const intakeSourcesAnswer = z.array(
  z.object({
    name: z.string(),
    enabled: z.boolean(),
    defaults: intakeDefaults,
    createdAt: instant,
    createdBy: z.string(),
    requests: count,
    lastAt: instant.nullable(),
  }),
);
