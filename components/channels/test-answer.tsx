"use client";

import { useEffect } from "react";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";

const askEachMs = 1_000;

/** What the other side said to a test, asked for until it is there. */
export function TestAnswer({ deliveryId, channel }: { deliveryId: string; channel: string }) {
  const { data, refetch } = useRead("deliveries", { id: deliveryId, limit: 1 }, { polled: false });
  const [line] = data ?? [];
  const waits = !line || line.state === "pending";
  useEffect(() => {
    if (!waits) return;
    const asking = setInterval(refetch, askEachMs);
    return () => clearInterval(asking);
  }, [waits, refetch]);
  return (
    <p role="status" className="flex items-start gap-1.5 text-sm break-words">
      {waits ? (
        <span className="text-muted">The test is on its way.</span>
      ) : (
        <>
          <StateIcon state={line.state === "delivered" ? "ok" : "critical"} className="mt-0.5" />
          <span className="min-w-0">
            {channel} {line.state === "delivered" ? "took the test" : "did not take the test"}: {line.answer}
          </span>
        </>
      )}
    </p>
  );
}
