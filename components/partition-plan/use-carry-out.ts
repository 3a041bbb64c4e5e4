"use client";

import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { partitionActions } from "@/lib/partition-actions.ts";
import type { PlanVerb } from "@/lib/partition-plan/request.ts";
import type { Plan } from "@/lib/partition-plan/types.ts";
import type { ResultError } from "@/lib/result.ts";

export interface Approval {
  /** Empty where nobody gave one. */
  reason: string;
  lockTimeoutMs: number;
  /** The name that was typed. */
  typed: string;
}

export interface CarryOut {
  run: (plan: Plan, approval: Approval) => Promise<void>;
  pending: boolean;
  error: ResultError | null;
}

interface Options {
  /** @param job what carries it out */
  onBegun: (job: string) => void;
  /** The world is not what the plan was made of: it is to be planned anew. */
  onChanged: () => void;
}

/** Has the plan that was read carried out, and no other: it is named by its digest. */
export function useCarryOut(verb: PlanVerb, { onBegun, onChanged }: Options): CarryOut {
  const action = useAdminAction(partitionActions[verb], {
    toastErrors: false,
    onDone: (_data, job) => job && onBegun(job),
    onFailure: ({ code }) => code === "CONFLICT" && onChanged(),
  });
  return {
    pending: action.pending,
    error: action.error,
    async run({ request, digest, target }, { typed, reason, lockTimeoutMs }) {
      const input = { target, request, digest, lockTimeoutMs, ...(reason && { reason }) };
      // One verb a request: which of them, the drawer was opened with.
      await action.run(input as never, typed || undefined);
    },
  };
}
