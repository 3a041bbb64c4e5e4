"use client";

import type { ReactNode } from "react";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";

/** Whether somebody outside hears when the console itself is dead. */
export function DeadManLine() {
  const { data } = useRead("deadMan", {});
  if (data === undefined) return <p className="h-10" />;
  if (data === null)
    return (
      <Line state="unknown">
        Nobody outside notices when this console is dead: set{" "}
        <code className="font-mono text-xs">ALERT_PING_URL</code> to the address of a dead man's switch.
      </Line>
    );
  const { host, state, lastPing, failure } = data;
  const last = lastPing ? (
    <>
      last answered <Time at={lastPing} />
    </>
  ) : (
    "not answered yet"
  );
  if (state === "running")
    return (
      <Line state="ok">
        Dead man's switch: {host} is pinged every minute, {last}.
      </Line>
    );
  return (
    <Line state="critical">
      Dead man's switch: {host} is not pinged, {last}.{" "}
      {failure ? failure.message : "No worker does it; see whether one runs."}
    </Line>
  );
}

function Line({ state, children }: { state: "ok" | "unknown" | "critical"; children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 px-1 py-2 text-sm text-muted">
      <StateIcon state={state} className="mt-0.5" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
