import { eq } from "drizzle-orm";
import { vi } from "vitest";
import { adminActions } from "../admin.ts";
import { schema } from "../db/schema.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { listPublicKeys } from "../key-store/list-public-keys.ts";
import { beginDueErasures } from "../privacy/erasure/begin-due-erasures.ts";
import type { RequestState } from "../request-law/states.ts";
import { carryOnRequests } from "../requests/carry-on-requests.ts";
import { certifyJob } from "../requests/certificate/certify-job.ts";
import { getCertificates } from "../requests/certificate/get-certificates.ts";
import { readPublicKeys } from "../requests/certificate/public-keys.ts";
import { type Verified, verifyBundle } from "../requests/certificate/verify-bundle.ts";
import { moveRequest } from "../requests/move-request.ts";
import { type RequestRow, requireRequest } from "../requests/read-request.ts";
import type { ScopeTarget } from "../requests/scope-types.ts";
import type { DecisionPart } from "../requests/types.ts";
import { type PrivacyWorld, type PrivacyWorldOptions, startPrivacyWorld, targets } from "./privacy-world.ts";
import { testClock, testRequestJobs, testWork } from "./request-jobs.ts";
import { countTestScope } from "./request-scope.ts";
import { moveTestRequest, openTestRequest } from "./requests.ts";
import { startTestJobs } from "./start-test-jobs.ts";

/** A privacy world in which requests for erasure are carried out. */
export interface RequestWorld extends PrivacyWorld {
  /** Opens a request for erasure, counts it, and grants or refuses parts, `target policy` each, as the second officer. */
  decided(
    person: string,
    parts: Record<string, "grant" | string>,
    clear?: Record<string, ScopeTarget["clear"]>,
  ): Promise<RequestRow>;
  /** Carries it out as the officer. @returns its row once it is there */
  executed(request: number, until?: RequestState): Promise<RequestRow>;
  /** Says that it was answered, and closes it. @returns its row once it is certified */
  closed(request: number): Promise<RequestRow>;
  /** What the worker's duties do, until nothing is left to do, as if it were then. */
  keep(now?: Date): Promise<void>;
  rowOf(request: number): Promise<RequestRow>;
  /** `target policy state` of each, in this order. */
  erasuresOf(request: number): Promise<string[]>;
  /** Its certificate and supplements, each checked against the console's public keys. */
  certificates(request: number): Promise<Verified[]>;
  timeline(request: number): Promise<{ kind: string; to: string | null; facts: Record<string, unknown> }[]>;
}

export async function startRequestWorld(
  server: 15 | 18 = 18,
  options: PrivacyWorldOptions = {},
): Promise<RequestWorld> {
  const world = await startPrivacyWorld(server, { ...options, worker: false });
  const { console } = world;
  const worker =
    options.worker === false
      ? undefined
      : startTestJobs({ console, url: world.consoleUrl }, testRequestJobs, openConfiguredTarget);
  const rowOf = (request: number) => requireRequest(console.db, request);
  const keep = async (at?: Date) => {
    testClock.at = at ?? null;
    try {
      await keepOn(at ?? new Date());
    } finally {
      testClock.at = null;
    }
  };
  const keepOn = async (now: Date) => {
    for (let round = 0; round < 20; round++) {
      const begun = await beginDueErasures(console, now);
      const kept = await carryOnRequests(console, { ...testWork, certify: certifyJob }, now);
      await world.settled();
      if (begun + Object.values(kept).reduce((sum, count) => sum + count, 0) === 0) return;
    }
    throw new Error("the duties find something to do again and again");
  };
  return {
    ...world,
    rowOf,
    keep,
    async decided(person, given, clear) {
      const parts: DecisionPart[] = Object.entries(given).map(([place, decision]) => {
        const [target = "", policy = ""] = place.split(" ");
        return decision === "grant"
          ? { target, policy, decision: "grant", ground: null }
          : { target, policy, decision: "refuse", ground: decision };
      });
      const state = parts.some(({ decision }) => decision === "refuse") ? "partly_refused" : "approved";
      const { number } = await openTestRequest(world, {
        kind: "erasure",
        person,
        more: { targets: [...targets] },
      });
      const row = await moveTestRequest(world, number, state, { decision: { ground: null, parts } });
      await countTestScope(world, row, clear);
      return rowOf(number);
    },
    async executed(request, until = "responding") {
      await world.succeed(adminActions.executeRequest, { request });
      return vi.waitFor(
        async () => {
          const row = await rowOf(request);
          if (row.state !== until) {
            const jobs = await world.sql`select name, state, error from job where id = ${row.jobId}`;
            throw new Error(`#${request} is ${row.state}: ${JSON.stringify(jobs)}`);
          }
          return row;
        },
        { timeout: 150_000, interval: 50 },
      );
    },
    async closed(request) {
      const now = new Date();
      const { privacyRequest } = schema;
      await console.db
        .update(privacyRequest)
        .set({ respondedAt: now })
        .where(eq(privacyRequest.number, request));
      await console.db.transaction(async (tx) =>
        moveRequest(tx, await requireRequest(tx, request), "close", {
          ...{ actor: world.officer, now },
          set: { closedAt: now, personalUntil: new Date(now.getTime() + 86_400_000) },
        }),
      );
      await keep();
      return rowOf(request);
    },
    erasuresOf: async (request) =>
      (
        await world.sql`
          select erasure.target, erasure.policy, erasure.state
          from privacy_request join privacy_request_erasure as link on link.request_id = privacy_request.id
          join erasure on erasure.id = link.erasure_id
          where number = ${request} order by target, policy`
      ).map(({ target, policy, state }) => `${target} ${policy} ${state}`),
    async certificates(request) {
      const jwks = { keys: (await listPublicKeys(world.sql)).map(({ jwk }) => jwk) };
      const keys = await readPublicKeys(JSON.stringify(jwks));
      const certificates = await getCertificates(console.db, request);
      const [first] = certificates;
      return Promise.all(certificates.map(({ bundle }) => verifyBundle(bundle, keys, first?.bundle)));
    },
    async timeline(request) {
      const { id } = await rowOf(request);
      return [
        ...(await world.sql<{ kind: string; to: string | null; facts: Record<string, unknown> }[]>`
          select kind, to_state as "to", facts from privacy_request_event where request_id = ${id} order by at, id`),
      ];
    },
    async close() {
      await worker?.stop();
      await world.close();
    },
  };
}
