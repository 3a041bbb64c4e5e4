"use client";

import { requestPath } from "@/components/requests/request-words.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { useTarget } from "@/lib/client/use-target.ts";

type Told = Pick<AdminOutput<"openRequest">, "duplicates" | "earlier">;

/** What is known of the same person: open requests of this kind, and an erasure that was carried out. */
export function IntakeTold({ duplicates, earlier }: Told) {
  return (
    <div className="grid gap-3 text-base">
      {duplicates.length > 0 && (
        <p className="flex items-start gap-2">
          <StateIcon state="warning" className="mt-0.5" />
          <span>
            The same person asks for the same in{" "}
            {duplicates.map((number, index) => (
              <span key={number}>
                {index > 0 && ", "}
                <RequestLink number={number} />
              </span>
            ))}
            . If it is one request, mark this one as a duplicate: the other goes on, with its own clock.
          </span>
        </p>
      )}
      {earlier && (
        <div className="flex items-start gap-2">
          <StateIcon state="notice" className="mt-0.5" />
          <div className="grid gap-1">
            <p>
              This person was erased before, by <RequestLink number={earlier.request} />
              {earlier.closedAt && (
                <>
                  , closed <Time at={earlier.closedAt} show="moment" />
                </>
              )}
              . Its receipt answers them; this request finds only what came since.
            </p>
            {earlier.receipts.length > 0 && (
              <ul className="list-disc pl-4 text-sm text-muted">
                {earlier.receipts.map(({ entry, target, policy }) => (
                  <li key={entry}>
                    Entry #{entry} of the ledger: {policy} on {target}
                  </li>
                ))}
              </ul>
            )}
            {earlier.certificate && (
              <p className="text-sm break-all text-muted">
                Certificate, SHA-256 <code className="font-mono text-xs">{earlier.certificate}</code>
              </p>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function RequestLink({ number }: { number: number }) {
  const target = useTarget();
  return (
    <ConsoleLink href={requestPath(target, number)} className="text-accent underline underline-offset-2">
      request #{number}
    </ConsoleLink>
  );
}
