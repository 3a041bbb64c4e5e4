"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { counted } from "@/lib/words.ts";

export function HoldCounts() {
  const read = useRead("holdCounts", {}, { target: "" });
  return (
    <Panel
      id="hold-counts"
      title="Legal holds"
      read={read}
      height={60}
      info={{ what: "While a legal hold stands, nothing that it covers is destroyed: no key, no value." }}
    >
      {({ placing, in_force: inForce, released }) => (
        <p className="text-base">
          {counted(inForce, "hold")} in force
          {placing > 0 && `, ${counted(placing, "hold")} being placed`}
          <span className="text-muted">, {released.toLocaleString("en")} released</span>
        </p>
      )}
    </Panel>
  );
}
