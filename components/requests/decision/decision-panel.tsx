"use client";

import { Box } from "@/components/requests/box.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { Ground } from "./ground.tsx";

/** What was decided, by whom, and on which ground. */
export function DecisionPanel({ request }: { request: RequestDetail }) {
  const { decision, decidedBy, decidedAt, submittedBy } = request;
  if (!decision) return null;
  const { parts, ground } = decision;
  return (
    <Box
      id="decision"
      title="Decision"
      unit={
        <>
          by {decidedBy}, <Time at={decidedAt} show="moment" />; entered by {submittedBy}
        </>
      }
    >
      {ground !== null && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <StateBadge state="warning">refused as a whole</StateBadge>
          <Ground request={request} id={ground} />
        </p>
      )}
      {ground === null && parts.length === 0 && (
        <p className="text-sm text-muted">Granted. Nothing of this person was found.</p>
      )}
      <ul className="grid text-sm">
        {parts.map((part) => (
          <li
            key={`${part.policy} ${part.target}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-hairline py-2 first:border-t-0"
          >
            <span className="min-w-40">
              <span className="font-medium">{part.policy}</span>{" "}
              <span className="text-muted">on {part.target}</span>
            </span>
            {part.decision === "grant" ? (
              <StateBadge state="ok">granted</StateBadge>
            ) : (
              <StateBadge state="warning">refused</StateBadge>
            )}
            {part.ground !== null && <Ground request={request} id={part.ground} />}
          </li>
        ))}
      </ul>
    </Box>
  );
}
