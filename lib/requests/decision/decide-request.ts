import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { textInput } from "../../inputs.ts";
import type { RequestKind } from "../../request-law/kinds.ts";
import type { RequestState } from "../../request-law/states.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { momentInWords } from "../../words.ts";
import {
  noteInput,
  readShown,
  requestObject,
  shownRequest,
  standingAnswer,
  tellStanding,
  withTyped,
} from "../life/request-verb.ts";
import { moveRequest } from "../move-request.ts";
import type { RequestRow } from "../read-request.ts";
import { assertScopeFresh } from "../scope/find-stale.ts";
import type { ScopeTarget } from "../scope-types.ts";
import type { RequestDecision } from "../types.ts";
import { type DecisionFacts, judgeDecision } from "./judge-decision.ts";

const decided: readonly RequestState[] = ["approved", "partly_refused", "refused"];
const groundInput = z.string().regex(/^[a-z0-9_]{1,60}$/, "must be the id of a ground");

const part = z.strictObject({
  target: textInput(40).min(1),
  policy: textInput(63).min(1),
  decision: z.enum(["grant", "refuse"]),
  ground: groundInput.nullable().default(null),
});

/**
 * Grants, partly refuses or refuses, by somebody else than opened the request: each part of the scope by itself, or the whole
 * with one ground. A scope that is not of what there is now decides nothing.
 */
export const decideRequest = defineAdminAction({
  name: "request.decide",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    /** One for each policy of each target that the scope has. */
    parts: z.array(part).max(1_000).default([]),
    /** Refuses the whole. */
    ground: groundInput.nullable().default(null),
    /** Why, for the record; sealed. */
    note: noteInput.optional(),
  }),
  answer: standingAnswer.extend({ granted: z.int(), refused: z.int() }),
  object: requestObject,
  async run({ tx, console, actor, now }, { parts, ground, note, ...shown }) {
    const row = await readShown(tx, shown);
    assertUndecided(row);
    const scope = ground === null ? await readScope(tx, row) : null;
    const { regime, number } = row;
    const facts = { number, regime, kind: row.kind as RequestKind, scope };
    const { command, decision } = judgeDecision(facts, { parts, ground });
    if (ground === null) await assertScopeFresh({ console, now }, row);
    const counts = countParts(decision);
    const moved = await withTyped(tx, row, note, (typed) =>
      moveRequest(tx, row, command, {
        ...{ actor, now, ...(typed && { typed }) },
        guard: { decided: true, scopeFresh: true },
        facts: counts,
        set: {
          decision,
          decidedBy: actor.person?.id ?? null,
          decidedByName: actor.person?.email ?? actor.name,
          decidedAt: now,
        },
      }),
    );
    const { granted, refused } = counts;
    const { data, ...told } = tellStanding(moved, { command, ...counts });
    return { ...told, data: { ...data, granted, refused } };
  },
});

/** The scope that the decision would rest on; null: nothing was counted. */
async function readScope(db: Queryable, { scopeId }: RequestRow): Promise<DecisionFacts["scope"]> {
  if (scopeId === null) return null;
  const { requestScope } = schema;
  const [row] = await db.select().from(requestScope).where(eq(requestScope.id, scopeId));
  return row ? { state: row.state, targets: (row.targets ?? []) as ScopeTarget[] } : null;
}

/** @throws AppError CONFLICT with who decided it, and when */
function assertUndecided({ number, state, decidedByName, decidedAt }: RequestRow): void {
  if (!decided.includes(state) || decidedAt === null) return;
  const [by, at] = [decidedByName, decidedAt.toISOString()];
  throw new AppError(
    "CONFLICT",
    `Request #${number} was decided by ${by} on ${momentInWords(at)} UTC: it is ${state}.`,
    {
      hint: "Look at it again.",
      current: { state, by, at },
    },
  );
}

function countParts({ ground, parts }: RequestDecision) {
  const refused = parts.filter(({ decision }) => decision === "refuse");
  const grounds = [ground, ...refused.map((one) => one.ground)].filter((id) => id !== null);
  return {
    granted: parts.length - refused.length,
    refused: refused.length,
    grounds: [...new Set(grounds)],
  };
}
