"use client";

import { ChannelsPanel } from "./channels-panel.tsx";
import { DeliveriesPanel } from "./deliveries-panel.tsx";
import { RouteTester } from "./route-tester.tsx";
import { RoutesPanel } from "./routes-panel.tsx";

/** Who is told of what, by which way, and how that went. For the whole console: it is the same for every target. */
export function ChannelsView() {
  return (
    <div className="grid gap-4">
      <ChannelsPanel />
      <RoutesPanel />
      <RouteTester />
      <DeliveriesPanel />
    </div>
  );
}
